"""Pages made from the rule books: the law as a guide, what reforms changed, the observer's kit."""
