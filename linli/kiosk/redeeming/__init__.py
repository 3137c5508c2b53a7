"""From "the person confirmed this" to "it is out, or the points are back"."""
