"""The whole gateway on one machine; never deployed."""
