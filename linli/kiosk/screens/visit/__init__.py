"""The screens of a visit: one's points, the shop, services, news."""
