"""The screens of the maintainer's menu."""
