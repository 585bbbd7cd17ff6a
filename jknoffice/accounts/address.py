"""Where a request comes from. For limits an address is counted under a keyed hash; none is ever stored."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """Return the client's IPv4 address, or the /64 network of its IPv6 address (what one household has).

    Behind `JKN_TRUSTED_PROXIES` proxies, each of which appends the address that it was called from to
    X-Forwarded-For, the client's is that many places from the right: what stands further left may be made up.
    Returns "unknown" where there is no address, as on a Unix socket; all such clients then share their limits.
    """
    address = _address(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or UNKNOWN)


def client_network(request: HttpRequest) -> str:
    """Return the network around the client's address, such as 203.0.113.0/24 or 2001:db8::/48; "" where there is none.

    It tells one's own connections from others, and no household.
    """
    address = _address(request)
    if address is None:
        return ""
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def _address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    given = request.META.get("REMOTE_ADDR", "")
    proxies = settings.JKN_TRUSTED_PROXIES
    if proxies:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        given = hops[-proxies] if len(hops) >= proxies else ""
    try:
        address = ip_address(given.strip())
    except ValueError:
        return None
    return address if isinstance(address, IPv4Address) else address.ipv4_mapped or address
