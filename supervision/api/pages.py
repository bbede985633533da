"""Pages of lists: by cursor, so that a page costs the same however long the list grows."""

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """`?cursor=…&page_size=…`, newest first unless the view says otherwise; at most 200 rows."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "-pk"
