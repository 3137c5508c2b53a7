"""New versions of the program: in two slots beside the data, on probation before they are kept.

Standard library only, but for `bringing_in`: whoever decides which version starts must not fall
over what a version falls over."""
