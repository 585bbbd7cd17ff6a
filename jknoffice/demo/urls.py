"""Demo pages; routed only where the place allows a demo."""

from django.urls import URLPattern

app_name = "demo"

urlpatterns: list[URLPattern] = []
