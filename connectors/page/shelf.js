// Chooses an illustration and a tint for a product by its department, whatever the shop sells.

import { el, picture } from "./dom.js";

const PICTURES = [
  ["plant", /plant-based|tofu|vegan|herb|garden|seed|flower/],
  ["pet", /\bpets?\b|\bcats?\b|\bdogs?\b|animal/],
  ["baby", /baby|kids|diaper|toddler/],
  ["frozen", /frozen|ice cream/],
  ["coffee", /coffee|\btea\b|cocoa/],
  ["drink", /drink|juice|water|beer|wine|beverage|soda/],
  ["produce", /fruit|vegetable|produce|potato/],
  ["bread", /bak|bread|pastr|roll|cake/],
  ["dairy", /dairy|milk|cheese|yogurt|egg|butter/],
  ["meat", /meat|fish|poultry|beef|pork|seafood/],
  ["breakfast", /breakfast|cereal|oat|granola|muesli/],
  ["snack", /snack|bar\b|bars\b|chip|chocolate|sweet|nuts|candy/],
  ["pasta", /pasta|noodle|rice|grain/],
  ["pantry", /pantry|canned|jar|sauce|spread|oil|spice/],
  ["care", /beauty|health|hair|body|oral|pharmacy|cosmetic|care/],
  ["clean", /clean|household|laundry|dish|paper/],
  ["tool", /tool|hardware|drill|paint|screw|workshop|diy|electric/],
  ["wear", /cloth|wear|shirt|shoe|apparel|fashion|jacket/],
  ["device", /electronic|computer|laptop|phone|audio|camera|cable/],
  ["read", /book|stationery|magazine|paper|office/],
  ["home", /home|furniture|kitchen|bed|bath|lamp|light/],
];

const TINTS = {
  produce: "leaf", plant: "leaf", drink: "sky", dairy: "cream", bread: "wheat", pasta: "wheat", breakfast: "wheat",
  meat: "rose", snack: "plum", pantry: "clay", coffee: "clay", frozen: "sky", baby: "rose", care: "plum",
  clean: "sky", pet: "clay", tool: "slate", device: "slate", read: "wheat", home: "cream", wear: "plum",
};

export function pictureOf(category, title) {
  const path = (category ?? "").split(">").map((part) => part.trim().toLowerCase());
  // The narrowest category says most ("Drinks > Coffee"), then the wider ones, then the title.
  for (const text of [...path.reverse(), (title ?? "").toLowerCase()]) {
    const found = PICTURES.find(([, pattern]) => text && pattern.test(text));
    if (found) return found[0];
  }
  return "thing";
}

/** The product's own image, or an illustration while there is none or it fails to load. */
export function shelf(product, className) {
  const name = pictureOf(product.category, product.title);
  const place = el("div", { class: `shelf ${className} tint-${TINTS[name] ?? "slate"}` }, picture(name));
  const address = product.image_url ?? "";
  const own = /^\/(?!\/)/.test(address);
  if (own || /^https:\/\//.test(address)) {
    const image = el("img", { src: address, alt: "", loading: "lazy", referrerpolicy: "no-referrer" });
    // The shop's own drawings fill their place: their ground goes on beyond the picture.
    if (own && address.endsWith(".svg")) place.classList.add("drawn");
    image.addEventListener("load", () => place.replaceChildren(image));
    place.append(image);
  }
  return place;
}
