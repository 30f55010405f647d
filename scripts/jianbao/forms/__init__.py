"""Forms: what is asked, what is checked, what is counted, each a YAML file under forms_schema/."""

from jianbao.forms.spec import (
    CodeList,
    FieldSpec,
    FormSet,
    FormSpec,
    IndicatorSpec,
    Kind,
    Privacy,
    Reference,
    Role,
    RuleSpec,
    Subject,
)

__all__ = [
    "CodeList",
    "FieldSpec",
    "FormSet",
    "FormSpec",
    "IndicatorSpec",
    "Kind",
    "Privacy",
    "Reference",
    "Role",
    "RuleSpec",
    "Subject",
]
