"""docs/cost.md and docs/scale.md, computed from prices and from the calls that the gateway makes."""
