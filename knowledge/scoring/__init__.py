"""Published scores: nutrition, carbon, allergens, diets."""
