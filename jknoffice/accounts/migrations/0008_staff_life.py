"""Staff life: one-time links, steps of two administrators, and what stands in an account of who was suspended or left.

What the web may do with accounts is held by triggers as well: it adds nobody who could log in at once, and makes nobody
an administrator without a proposal that two of them stand behind in the same transaction. They do not hold the owner of
the table; nor the worker, which may add accounts and change none: by its hand the first administrators are made.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE CONSTRAINT TRIGGER accounts_stafflink_recorded AFTER INSERT OR UPDATE OR DELETE ON accounts_stafflink
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();
CREATE CONSTRAINT TRIGGER accounts_proposal_recorded AFTER INSERT OR UPDATE OR DELETE ON accounts_proposal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_entry();

CREATE FUNCTION accounts_demand_two_persons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT person_id) FROM accounts_user
        WHERE id IN (NEW.user_id, NEW.asked_by_id, NEW.confirmed_by_id)) <> 3
    OR (SELECT count(*) FROM accounts_user
        WHERE id IN (NEW.asked_by_id, NEW.confirmed_by_id) AND role = 'admin' AND is_active) <> 2
    THEN
        RAISE EXCEPTION 'a proposal takes two administrators, and is about neither' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM set_config('jkn.two_admins', NEW.user_id || ':' || pg_current_xact_id(), true);
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_proposal_two_persons BEFORE INSERT OR UPDATE OF confirmed_by_id ON accounts_proposal
    FOR EACH ROW WHEN (NEW.confirmed_by_id IS NOT NULL) EXECUTE FUNCTION accounts_demand_two_persons();

CREATE FUNCTION accounts_guard_staff() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands_behind text := current_setting('jkn.two_admins', true);
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.left_at IS NOT NULL AND NEW.left_at IS NULL THEN
        RAISE EXCEPTION 'who has left does not come back' USING ERRCODE = 'check_violation';
    END IF;
    IF pg_has_role((SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
        OR NOT has_column_privilege(TG_RELID, 'role', 'UPDATE')
    THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF (NEW.password LIKE '!%' AND NEW.needs_link AND NEW.suspended_at IS NULL
            AND NOT (NEW.role = 'admin' AND NEW.is_active)) IS NOT TRUE
        THEN
            RAISE EXCEPTION 'a new account waits for its link' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    -- The end of a suspension takes no second person: nothing is suspended that still waits for its second person.
    IF NEW.suspended_at IS NOT NULL AND OLD.suspended_at IS NULL AND NOT OLD.is_active THEN
        RAISE EXCEPTION 'only what is active is suspended' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.role = 'admin'
        AND (OLD.role <> 'admin' OR (NEW.is_active AND NOT OLD.is_active AND OLD.suspended_at IS NULL))
        AND stands_behind IS DISTINCT FROM NEW.id || ':' || pg_current_xact_id()
    THEN
        RAISE EXCEPTION 'an administrator is made by two others' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.role = 'admin' AND OLD.is_active AND NOT (NEW.role = 'admin' AND NEW.is_active) THEN
        PERFORM pg_advisory_xact_lock(hashtext('accounts_guard_staff'));
        IF NOT EXISTS (SELECT FROM accounts_user
            WHERE id <> NEW.id AND role = 'admin' AND is_active AND NOT needs_link)
        THEN
            RAISE EXCEPTION 'the last administrator stays' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_user_guarded BEFORE INSERT OR UPDATE OF role, is_active, suspended_at, left_at ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION accounts_guard_staff();
"""

BACKWARD = """
DROP TRIGGER accounts_user_guarded ON accounts_user;
DROP FUNCTION accounts_guard_staff();
DROP TRIGGER accounts_proposal_two_persons ON accounts_proposal;
DROP FUNCTION accounts_demand_two_persons();
DROP TRIGGER accounts_proposal_recorded ON accounts_proposal;
DROP TRIGGER accounts_stafflink_recorded ON accounts_stafflink;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_passkeys'), ('audit', '0011_demanded'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('account', 'A new staff administrator'), ('role', 'The role of staff administrator'), ('reset', 'A reset of the second step')], max_length=10, verbose_name='kind')),
                ('why', models.CharField(max_length=20, verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('confirmed_at', models.DateTimeField(null=True, verbose_name='confirmed')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
            ],
            options={
                'verbose_name': 'proposal',
                'verbose_name_plural': 'proposals',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StaffLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'e-mail to staff',
                'verbose_name_plural': 'e-mails to staff',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='StaffLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(unique=True)),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='valid until')),
                ('used_at', models.DateTimeField(null=True, verbose_name='used')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked')),
            ],
            options={
                'verbose_name': 'one-time link',
                'verbose_name_plural': 'one-time links',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='user',
            name='left_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='left'),
        ),
        migrations.AddField(
            model_name='user',
            name='left_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='user',
            name='needs_link',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='user',
            name='suspended_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='suspended'),
        ),
        migrations.AddField(
            model_name='user',
            name='suspended_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('suspended_at__isnull', False), ('suspended_by__isnull', False)), models.Q(('suspended_at__isnull', True), ('suspended_by__isnull', True)), _connector='OR'), name='user_suspended_paired'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('left_at__isnull', False), ('left_by__isnull', False)), models.Q(('left_at__isnull', True), ('left_by__isnull', True)), _connector='OR'), name='user_left_paired'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('is_active', False), models.Q(('left_at', None), ('suspended_at', None)), _connector='OR'), name='user_stopped_is_not_active'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('suspended_at', None), ('left_at', None), _connector='OR'), name='user_stopped_in_one_way'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('suspended_by', None), models.Q(('suspended_by', models.F('id')), _negated=True), _connector='OR'), models.Q(('left_by', None), models.Q(('left_by', models.F('id')), _negated=True), _connector='OR')), name='user_not_stopped_by_themselves'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposal',
            name='branch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.branch'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='confirmed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposal',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='proposal',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='staffletter',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stafflink',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stafflink',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(condition=models.Q(('confirmed_at', None), ('withdrawn_at', None)), fields=('user',), name='proposal_one_open'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at', None), ('confirmed_by', None)), models.Q(('confirmed_at__isnull', False), ('confirmed_at__lte', models.F('expires_at')), ('confirmed_by__isnull', False)), _connector='OR'), name='proposal_confirmed_in_time'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('confirmed_at', None), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='proposal_withdrawn_paired'),
        ),
        migrations.AddConstraint(
            model_name='stafflink',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None), ('used_at', None)), fields=('user',), name='staff_link_one_living'),
        ),
        migrations.AddConstraint(
            model_name='stafflink',
            constraint=models.CheckConstraint(condition=models.Q(('used_at', None), ('revoked_at', None), _connector='OR'), name='staff_link_ends_once'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
