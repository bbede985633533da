"""Pages of lists: by cursor, so that a page costs the same however long the list grows."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

LONGEST = 10  # digits that can still be a number of rows


class Pages(CursorPagination):
    """`?cursor=…&page_size=…`, newest first unless the view says otherwise; at most 200 rows."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-pk"

    def get_page_size(self, request: Request) -> int:
        """The rows of a page; raises ValidationError for what is no number of rows."""
        asked = request.query_params.get(self.page_size_query_param)
        if asked is None:
            return self.page_size
        if not (asked.isascii() and asked.isdecimal()) or not 0 < int(asked[:LONGEST]) <= self.max_page_size:
            told = _("A page has 1 to %(most)s rows.") % {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: [told]})
        return int(asked)

    def decode_cursor(self, request: Request) -> Any:
        """Where the page begins; raises ValidationError for a cursor no answer gave."""
        try:
            return super().decode_cursor(request)
        except (NotFound, ValueError):
            told = _("Take the cursor from the links of a page of this list.")
            raise ValidationError({self.cursor_query_param: [told]}) from None
