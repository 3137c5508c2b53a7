"""How a new terminal or board comes in: it shows a code until a maintainer has confirmed it."""
