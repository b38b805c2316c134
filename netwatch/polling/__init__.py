"""The only sockets: asks devices and reports what came back. Decides nothing about them."""
