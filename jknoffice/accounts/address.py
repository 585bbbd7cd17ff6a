"""Where a request comes from, for limits: an address is counted under a keyed hash and never stored."""

from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """Return the client's IPv4 address, or the /64 network of its IPv6 address (what one household has).

    Behind `JKN_TRUSTED_PROXIES` proxies, each of which appends the address that it was called from to
    X-Forwarded-For, the client's is that many places from the right: what stands further left may be made up.
    Returns "unknown" where there is no address, as on a Unix socket; all such clients then share their limits.
    """
    given = request.META.get("REMOTE_ADDR", "")
    proxies = settings.JKN_TRUSTED_PROXIES
    if proxies:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        given = hops[-proxies] if len(hops) >= proxies else ""
    try:
        address = ip_address(given.strip())
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
