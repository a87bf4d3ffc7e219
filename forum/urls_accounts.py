"""Accounts and the small room. These stand before allauth's, whose names they keep."""

from django.urls import path

from forum.views import accounts, room

urlpatterns = [
    path("room/", room.room, name="room"),
    path("accounts/signup/", accounts.signup, name="account_signup"),
    path("accounts/confirm/", accounts.signup_confirm, name="signup_confirm"),
    path("accounts/login/", accounts.SignIn.as_view(), name="account_login"),
    path("accounts/reauthenticate/", accounts.ConfirmPerson.as_view(), name="account_reauthenticate"),
    path("accounts/email/", accounts.ChangeAddress.as_view(), name="account_email"),
    path("accounts/confirm-email/", accounts.AddressCode.as_view(), name="account_email_verification_sent"),
    path("accounts/password/change/", accounts.ChangePassword.as_view(), name="account_change_password"),
    path("accounts/password/reset/", accounts.Reset.as_view(), name="account_reset_password"),
    path("accounts/password/reset/confirm/", accounts.ResetCode.as_view(), name="account_confirm_password_reset_code"),
    path("accounts/password/reset/complete/", accounts.ResetPassword.as_view(), name="account_complete_password_reset"),
    path("accounts/second-step/", accounts.to_second_step, name="second_step"),
    path("accounts/2fa/authenticate/", accounts.SecondStep.as_view(), name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", accounts.SecondStepAgain.as_view(), name="mfa_reauthenticate"),
    path("accounts/2fa/webauthn/login/", accounts.PasskeySignIn.as_view(), name="mfa_login_webauthn"),
    path("accounts/2fa/webauthn/add/", accounts.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("accounts/2fa/webauthn/keys/<int:pk>/remove/", accounts.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("accounts/2fa/webauthn/keys/<int:pk>/edit/", accounts.NamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("accounts/2fa/totp/deactivate/", accounts.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("accounts/2fa/totp/activate/", accounts.ActivateApp.as_view(), name="mfa_activate_totp"),
]
