"""Addresses of the participants' door."""

from django.urls import URLPattern

app_name = "portal"

urlpatterns: list[URLPattern] = []
