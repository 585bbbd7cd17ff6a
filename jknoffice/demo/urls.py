"""Demo pages; routed only where the place allows a demo."""

from django.urls import path

from jknoffice.demo import views

app_name = "demo"

urlpatterns = [path("sms/", views.sms, name="sms")]
