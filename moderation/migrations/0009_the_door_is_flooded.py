from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0008_roles_on_the_chain")]

    operations = [
        migrations.RemoveConstraint(model_name="unusual", name="unusual_kind_is_known"),
        migrations.AlterField(
            model_name="unusual",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reads", "cases opened by one person"),
                    ("reports", "people one member told us about"),
                    ("joined", "people who joined"),
                    ("outside", "what came from outside"),
                ],
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="unusual",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["reads", "reports", "joined", "outside"])),
                name="unusual_kind_is_known",
            ),
        ),
    ]
