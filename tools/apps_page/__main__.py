"""`python -m tools.apps_page`: write docs/apps.md, and the table in README.md, from the list of applications."""

from tools.apps_page.page import write

write()
