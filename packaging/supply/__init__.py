"""What Linli is built from: which packages, whose hashes, under which licences.

`PYTHONPATH=packaging python -m supply.lock` and its neighbours; see "Dependencies" in
CONTRIBUTING.md.
"""
