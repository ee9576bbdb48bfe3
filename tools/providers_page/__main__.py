"""`python -m tools.providers_page`: write docs/providers.md from the catalogue."""

from tools.providers_page.page import write

write()
