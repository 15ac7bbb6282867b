"""Plans changed, or made, by hand: every change gives a whole new plan, which the checker then judges."""
