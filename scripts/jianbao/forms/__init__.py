"""Forms: what is asked, what is checked, what is counted, each a YAML file under forms_schema/."""

from jianbao.forms.spec import (
    ARROW_TYPES,
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
    "ARROW_TYPES",
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
