"""Services that the province shares: a portal, a one-stop shop, mail.

The province's addresses are played packet by packet and speak no TCP, so services are ordinary servers of the
lab's own process: at 127.0.0.1 of the namespace, or of this machine where there is none.
"""
