"""HTTP on this machine, for tests that ask again and again.

`httpx.get` reads the certificates of all authorities first, which is 40 ms of work at every look. No
connection is kept: the service behind an address may be another one at the next look.
"""

import httpx

http = httpx.Client(
    verify=False, trust_env=False, timeout=60, limits=httpx.Limits(max_keepalive_connections=0)
)
