"""Which look-ups the address of an admin list may name."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

_WAYS = ("", "__exact", "__isnull")
_DATES = ("__year", "__month", "__day", "__gte", "__lt")


class DeclaredLookups(_ModelAdmin):
    """An admin list that is narrowed by its own filters only.

    Django lets an address name any column of the list's table, and so guess what is not shown letter by letter
    (`?password__startswith=`). Anything that neither `list_filter` nor `date_hierarchy` declares is a 400 here.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Return whether the address may name `lookup`."""
        declared = (name for name in self.get_list_filter(request) if isinstance(name, str))
        allowed = {name + way for name in declared for way in _WAYS}
        if self.date_hierarchy:
            allowed |= {self.date_hierarchy + way for way in _DATES}
        return lookup in allowed
