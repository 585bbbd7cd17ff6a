"""Addresses of an account. None carries a name or a number: what a page is about lies in the session."""

from django.urls import path

from verification.portal.account.views import change, code, data, door, password, phone, register

app_name = "account"

urlpatterns = [
    path("login/", door.log_in, name="login"),
    path("logout/", door.log_out, name="logout"),
    path("register/", register.proof, name="register"),
    path("register/choose/", register.choose, name="choose"),
    path("code/", code.code, name="code"),
    path("code/again/", code.again, name="code_again"),
    path("password/forgotten/", password.forgotten, name="forgotten"),
    path("password/new/", password.new, name="new_password"),
    path("password/", password.own, name="password"),
    path("", data.menu, name="menu"),
    path("data/", data.data, name="data"),
    path("request/", data.request_page, name="request"),
    path("phone/", change.phone, name="phone"),
    path("email/", change.email, name="email"),
    path("confirm/", change.confirm, name="confirm"),
    path("phone/code/", phone.code, name="phone_code"),
    path("phone/code/again/", phone.again, name="phone_again"),
    path("phone/withdraw/", phone.withdraw, name="phone_withdraw"),
]
