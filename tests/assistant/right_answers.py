"""Answers in a model's free wording over one recorded talk: right ones, and wrong ones.

The talk is in ``recorded_talk.json``: what each tool of the sample shop returned. The shopper has a
budget of $40 for the week, two Verdrun bars, an oat drink, penne and a banana in the cart.
"""

SHOPPER = (
    "I have 40 dollars for this week",
    "find vegan protein bars under $3",
    "add two of the second one",
    "and oat milk, gluten free pasta and bananas",
    "how am I doing on budget?",
    "make it greener",
    "yes, swap that",
    "is anything in my cart not gluten free?",
    "what goes well with the pasta?",
    "how much is delivery? I loved the Crunchy Moons you had last year",
    "check out",
)

RIGHT = (
    # prices
    "The Podling bar is $1.99.",
    "The Podling Vegan Protein Bar Oat & Berry costs $1.99 for 60 g.",
    "The cheapest one is Podling's Oat & Berry bar at **$1.99**.",
    "The two Kestrel Fuel bars are $2.49 each.",
    "Kestrel Fuel has two: Peanut Crunch and Dark Chocolate & Sea Salt, both $2.49.",
    "I'd go for the Verdrun: it's $2.79, has 4.5 stars and is gluten free too.",
    "Prices run from $1.99 to $2.95.",
    "All five are under $3.",
    "The Meadow & Main coconut bar is just under 3 dollars, at $2.95.",
    "That's about two dollars for the Podling bar.",
    "The Verdrun bars are roughly $2.80 apiece, so two come to $5.58.",
    "Per kilo the Kestrel Fuel bars are cheaper ($41.50) than the Verdrun ones ($50.73).",
    "Bananas by Weight are $1.69 per kg.",
    "Loose bananas are 29 cents a piece; organic ones are 39 cents.",
    "The organic bananas cost ten cents more.",
    "Oat drink starts at $1.59 a litre for Basket Basics; Northfield's two-litre pack is $3.79.",
    "The Northfield Oat Drink Original (2 l) works out at $1.90 per litre.",
    # lists and markup
    "Here's what I found:\n\n1. **Podling Vegan Protein Bar Oat & Berry** – $1.99\n"
    "2. **Verdrun Protein Bar Cocoa & Almond** – $2.79\n"
    "3. **Kestrel Fuel Peanut Crunch** – $2.49",
    "Top picks:\n- *Northfield Oat Drink Barista*, 1 l: $2.99, 4.7 stars\n"
    "- *Basket Basics Oat Drink*, 1 l: $1.59, 4 stars",
    "**Cheapest:** Podling Oat & Berry ($1.99)\n**Best rated:** Kestrel Fuel Peanut Crunch ($2.49)",
    "| Product | Price |\n|---|---|\n| Basket Basics Sweet Corn | $1.19 |\n"
    "| Tidewell Tuna in Water | $2.29 |",
    "### Your cart\n- 2 × Verdrun bars: $5.58\n- 1 × Northfield oat drink: $3.79\n"
    "- 1 × Podling penne: $4.29\n- 1 × organic banana: $0.39\n\n**Total: $14.05**",
    "A couple of options for pasta: Podling Chickpea Penne ($4.29) or the Meadow & Main Organic "
    "Brown Rice Fusilli ($3.79).",
    # the cart and the budget
    "Done! I've added two Verdrun Protein Bars to your cart, $5.58 in all.",
    "Your cart now comes to $14.05, which leaves you $25.95 of your $40 budget.",
    "You're well within your budget: about $26 of the $40 is left.",
    "You've used around $14 of your 40 dollars so far.",
    "So far you've spent nothing this week, and there's $14.05 in the cart.",
    "With four items in the cart you're at $14.05.",
    "You have a little under $26 left for the week.",
    "Your weekly budget is set to $40. I'll let you know if the cart goes over it.",
    "I've put the Northfield oat drink, the Podling penne and one banana in your cart. Total: $14.05.",
    "Great, Bananas are out and Organic Bananas are in. The new total is $14.05.",
    # stock
    "The Basket Basics Gluten Free Macaroni is sold out right now, so I took the Podling penne.",
    "Unfortunately the gluten free macaroni from Basket Basics is out of stock.",
    "There are 35 of the Verdrun bars in stock, so two are no problem.",
    "Both the Podling penne and the brown rice fusilli are in stock.",
    # swaps
    "You could swap the bananas for Organic Bananas: that costs $0.10 more, but takes the grade "
    "from B to A.",
    "Switching to Meadow & Main's Organic Oat Drink No Sugars would save you $1.30.",
    "Greener options: Organic Bananas (+$0.10), the Meadow & Main coconut bar (+$0.32), and Meadow "
    "& Main Organic Oat Drink (−$1.30).",
    "For the other item I found nothing greener.",
    "The coconut bar from Meadow & Main is organic and only 32 cents more for two.",
    # diets and scores
    "Just one: the Northfield Oat Drink isn't gluten free, because it contains oats. Everything "
    "else is declared gluten free by its maker.",
    "The Verdrun bar contains nuts and may contain peanuts and sesame.",
    "Its ingredients are dates (34%), almonds (24%), pea protein, cocoa powder and almond butter.",
    "It has 22 g of protein and 400 kcal per 100 g, with a Nutri-Score of C.",
    "Your cart causes about 1.4 kg CO2e and gets an eco grade of A.",
    "Most of it comes from the oat drink (0.82 kg CO2e); the penne causes just 0.08 kg.",
    "The Verdrun bar is the weakest, with an eco grade of C and 3.37 kg CO2e per kg.",
    "These figures come from Clark et al. 2022, Poore & Nemecek 2018 and Agribalyse.",
    # recommendations and reasons
    "Bought with Podling Chickpea Penne, Gluten Free 250 g in 3 of 6 baskets.",
    "Sweet Corn goes well with it: it was bought with the penne in 3 of 6 baskets.",
    "Try the Morenti Basilico Tomato Sauce with it, it's $3.29 and often bought with pasta.",
    "Popular in Sauces: Morenti Arrabbiata ($3.29, 4.5 stars).",
    "Tidewell Tuna in Water ($2.29) is popular with it as well, but it isn't vegan.",
    "Compared side by side, the Sweet Corn is cheaper ($1.19 vs. $2.29) and greener "
    "(1 vs. 10.1 kg CO2e per kg).",
    "Both have Nutri-Score A; the tuna has more protein (25 g vs. 2.7 g per 100 g).",
    # policies, orders, talk
    "Delivery costs $5.95, and it's free from $60. Pickup is free.",
    "The minimum order for delivery is $25; you'd pay $5.95 on top.",
    "You can cancel a delivery free of charge until 3 hours before its slot. Refunds to cards take "
    "3 to 5 business days.",
    "I couldn't find any Crunchy Moons, sorry. Shall I look for something similar?",
    "Ready? Your order of 5 items comes to $14.05 for pickup. Say yes to place it.",
    "Happy to help! Would you like Pasta, Rice or something else next?",
    "Sure thing! Anything else for Thanksgiving?",
    "Good choice. Let me know if I should add the Cheddar, too.",
)

WRONG = (
    # prices
    "The Podling bar is $2.19.",
    "The Podling Vegan Protein Bar Oat & Berry costs $2.99 for 60 g.",
    "The Verdrun bar is $1.99.",
    "The Podling bar is $2.79.",
    "Kestrel Fuel Peanut Crunch is on sale for $1.50.",
    "Prices start at $0.99.",
    "All five are under $1.",
    "About three dollars for the Podling bar.",
    "The penne costs four dollars ninety-nine.",
    "Bananas are 19 cents each.",
    "Loose bananas are 39 cents a piece, organic ones 59 cents.",
    "Bananas by Weight are $2.69 per kg.",
    "Oat drink starts at 1.29 USD a litre.",
    "1. **Podling Vegan Protein Bar Oat & Berry** – $2.09",
    "- Northfield Oat Drink Barista, 1 l: $1.59",
    "The Organic Brown Rice Fusilli is €2.99.",
    "Podling Chickpea Penne is just $3.79!",
    "The Sweet Corn is $2.29.",
    "Tuna in Water: $1.19.",
    "You save $3 with the Organic Oat Drink No Sugars.",
    # totals
    "Your cart comes to $15.04.",
    "**Total: $12.05**",
    "You have $27.95 left this week.",
    "About $30 of your budget is left.",
    "Your budget is $50 for the week.",
    "You've spent $9.99 so far.",
    "That leaves you 20 dollars.",
    "Two Verdrun bars come to $5.98.",
    "Your order of 5 items comes to $16.40 for pickup.",
    "With delivery the total is $19.00.",
    "Delivery costs $4.95.",
    "Delivery is free from $45.",
    "The minimum order for delivery is $35.",
    # products
    "We also have the **Kestrel Fuel Vegan Protein Bar Salted Caramel**.",
    "Try the Happy Oats Choco Bar instead.",
    "There's also Northfield Oat Drink Vanilla.",
    "The Morenti Pesto Genovese would go well with it.",
    "How about Barilla Gluten Free Spaghetti?",
    "I recommend Oatly Barista.",
    "Podling Lentil Fusilli is a good choice as well.",
    "1. **Golden Valley Bananas**\n2. **Bananas, loose**",
    "- Clif Builders Bar: a classic",
    "| Basket Basics Chickpeas Deluxe | in stock |",
    'You might like "Crispy Coconut Dream".',
    "Bought with Barilla Penne Rigate in 3 of 6 baskets.",
    "Added Snickers Protein Bar to your cart.",
    # stock
    "The Podling Chickpea Penne is sold out.",
    "The Basket Basics Gluten Free Macaroni is in stock.",
    "Only 2 left of the Verdrun Protein Bar Cocoa & Almond!",
    "There are 300 of the Verdrun bars in stock.",
    "Bananas, loose are out of stock.",
    "Hurry, just 4 remaining!",
    # scores and links
    "The Verdrun bar has Nutri-Score A.",
    "Your cart gets an eco grade of D.",
    "Your cart causes 3.2 kg CO2e.",
    "The oat drink causes 2.5 kg of CO2e.",
    "Both have Nutri-Score B.",
    "The swap takes the grade from D to A.",
    "It was bought with the penne in 5 of 6 baskets.",
    "The Verdrun bar has 4.9 stars.",
    "See https://greenleaf.example/offers for more.",
)
