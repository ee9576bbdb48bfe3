"""The world outside: providers, AWS, clocks. Each part fills a port of the domain."""
