"""Who may enter which address: written by hand, so that a new address is let in only by a line here."""

from jknoffice.accounts.roles import Role

PUBLIC = set(
    """
healthz readyz metrics icon set_language api_guide sms_receipt demo:sms
api:openapi-json api:start api:standing api:code api:code_again api:photo api:withdraw api:api-root
account:login account:logout account:register account:choose account:code account:code_again account:forgotten
account:new_password account:password account:menu account:data account:request account:phone account:email
account:confirm account:phone_code account:phone_again account:phone_withdraw
portal:start portal:leave portal:data portal:ktp portal:card portal:check portal:code portal:code_again portal:done
portal:save portal:resume portal:objected portal:not_me portal:private portal:status portal:case portal:proof
portal:proof_send portal:resend portal:cancel
""".split()
)
"""For everybody, staff or not. What is somebody's own is behind a key, a code or an account of the portal."""

DOOR = set(
    """
admin:login admin:login_verify admin:login_enrol admin:login_codes admin:login_link admin:login_join admin:logout
""".split()
)

OPERATOR, SUPERVISOR, AUDITOR, DATA_ADMIN, ADMIN = (frozenset({role}) for role in Role)
EVERY = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()

_STAFF: dict[frozenset[Role], str] = {
    # Each sees in the log what the role reaches, and of oneself.
    EVERY: """
        index None app_list jsi18n sessions sessions_left sessions_end second_step second_step_replace
        second_step_codes passkey_add passkey_rename passkey_remove password_change password_change_done
        audit_auditlog_changelist audit_entries audit_trail audit_export audit_search audit_auditlog_change
        audit_reveal audit_proof audit_question audit_question_delete
    """,
    OPERATOR | SUPERVISOR: """
        verification_queue verification_take_next verification_glass verification_case verification_receipt
        verification_sheet verification_same_photos verification_document verification_copied verification_keep
        verification_reading verification_phonechangerequest_changelist verification_phonechangerequest_change
        verification_claim verification_release verification_ask verification_approve verification_reject
        verification_endorse verification_send_back verification_escalate verification_snooze verification_note
        verification_unfreeze verification_ask_reversal verification_close_dispute verification_reverse
        verification_cancel
    """,
    OPERATOR: "verification_counter verification_counter_code verification_counter_resend",
    SUPERVISOR: """
        verification_assign verification_figures verification_figures_cases verification_figures_looks
        verification_letters verification_send_letters
    """,
    SUPERVISOR | AUDITOR: "alarms_alarm_changelist alarms_alarm_change alarms_alarm_seen alarms_alarm_handled",
    OPERATOR | SUPERVISOR | DATA_ADMIN: """
        participants_peserta_changelist participants_peserta_results participants_peserta_more
        participants_peserta_person participants_peserta_family participants_peserta_number
        participants_peserta_reveal participants_peserta_copied
    """,
    AUDITOR: "audit_question_save audit_lookers",
    AUDITOR | ADMIN: "staff_rights staff_rights_file",
    DATA_ADMIN: """
        participants_upload participants_upload_show participants_upload_report participants_upload_columns
        participants_upload_confirm participants_upload_discard participants_importbatch_changelist
        participants_importbatch_change participants_importbatch_history
    """,
    ADMIN: """
        sessions_of accounts_user_changelist accounts_user_change accounts_user_history
        staff_invite staff_link staff_unlink staff_move staff_suspend staff_lift staff_leave staff_void staff_reset
        staff_release staff_waiting staff_confirm staff_withdraw
        accounts_branch_changelist accounts_branch_change accounts_branch_history
    """,
    NOBODY: """
        autocomplete audit_auditlog_add audit_auditlog_delete accounts_user_add accounts_user_delete
        accounts_branch_add accounts_branch_delete participants_importbatch_add participants_importbatch_delete
        auth_group_changelist auth_group_add auth_group_change auth_group_delete auth_group_history
        otp_totp_totpdevice_changelist otp_totp_totpdevice_add otp_totp_totpdevice_change otp_totp_totpdevice_delete
        otp_totp_totpdevice_history otp_totp_totpdevice_config otp_totp_totpdevice_qrcode
        procrastinate_procrastinatejob_changelist procrastinate_procrastinatejob_add
        procrastinate_procrastinatejob_change procrastinate_procrastinatejob_delete
        procrastinate_procrastinatejob_history
    """,
}
STAFF = {f"admin:{name}": roles for roles, names in _STAFF.items() for name in names.split()}

NOT_THERE = {name for name in STAFF if name.endswith(("_history", "_change"))}
"""Django's pages of a row lead to the start page when there is none, before they ask for a right."""
