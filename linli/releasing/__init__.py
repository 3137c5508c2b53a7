"""What `linli release` does: bundles, and the signed metadata by which terminals believe them."""
