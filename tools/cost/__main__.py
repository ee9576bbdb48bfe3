"""`python -m tools.cost`: write docs/cost.md and docs/scale.md."""

from tools.cost import cost_page, scale_page

cost_page.PAGE.write_text(cost_page.text(), "utf-8")
scale_page.PAGE.write_text(scale_page.text(), "utf-8")
