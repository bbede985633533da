"""Settings, read from the environment; every secret comes from there or from a file named there."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from .environment import Environment
from .logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "csp",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_fsm",
    "django_structlog",
    "django_prometheus",
    "supervision.law",
    "supervision.workdays",
    "supervision.parties",
    "supervision.procedure",
    "supervision.records",
    "supervision.web",
    "supervision.api",
    "supervision.operations",
    "credit",
    "funds",
    "inspections",
    "agreements",
    "enforcement",
    "monitoring",
    "reporting",
    "supervision.demo",
]

MIDDLEWARE = [
    "supervision.health.answer_probes",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "supervision.web.middleware.AddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "supervision.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "supervision.web.middleware.ActorMiddleware",
    "supervision.web.middleware.SignInMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "supervision.urls"
WSGI_APPLICATION = "supervision.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "supervision.web.context.shell",
            ],
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL")
CACHE_URL = env("CACHE_URL", default=REDIS_URL)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}}

AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Personal data: newest key first; older ones only decrypt. Both live outside the database.
FIELD_KEYS = env.list("FIELD_KEYS", default=[f"field-{SECRET_KEY}"]) if DEBUG else env.list("FIELD_KEYS")
INDEX_KEY = env("INDEX_KEY", default=f"index-{SECRET_KEY}") if DEBUG else env("INDEX_KEY")

LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "web:desk"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=30 * 60)
SESSION_SAVE_EVERY_REQUEST = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "supervision.web.views.account.locked_out"
# How long a password given by the system administrator opens the account before one's own must be chosen.
ONE_TIME_PASSWORD_DAYS = env.int("ONE_TIME_PASSWORD_DAYS", default=7)
# How many masked identifiers a person may be shown in clear within an hour.
TIPS_PER_HOUR = env.int("TIPS_PER_HOUR", default=10)  # from one address, of tips and of questions each
TIP_MAX_BYTES = env.int("TIP_MAX_BYTES", default=20 * 1024 * 1024)
REVEALS_PER_HOUR = env.int("REVEALS_PER_HOUR", default=30)
# Roles that must prove a second factor; "" for none. Those named by default read personal data.
SECOND_FACTOR_ROLES = env.list(
    "SECOND_FACTOR_ROLES",
    default=[]
    if DEBUG
    else ["bureau_head", "bureau_officer", "legal_reviewer", "auditor", "security_admin", "audit_admin"],
)
PRODUCT_NAME = env("PRODUCT_NAME", default="")  # where none is given, pages name the product in their own language
OTP_TOTP_ISSUER = PRODUCT_NAME or "医保基金监管"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

SECURE = env.bool("SECURE", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
# Set by the proxy that ends HTTPS, which must drop the header when a client sends it (docs/operations.md).
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "supervision.web.views.errors.csrf_failure"
FILTERS_EMPTY_CHOICE_LABEL = _("any")
FORM_RENDERER = "supervision.web.forms.FormRenderer"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# What RFC 9700 asks of a server of tokens; systems come with client credentials only.
OAUTH2_PROVIDER = {
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_SCHEME": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}

API_ANSWERS_KEPT_DAYS = env.int("API_ANSWERS_KEPT_DAYS", default=7)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "supervision.api.identity.ClientCredentials",
        "supervision.api.identity.PersonsSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["supervision.api.identity.HoldsAPost"],
    "DEFAULT_FILTER_BACKENDS": ["supervision.api.filters.Filters"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.AnonRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "user": env("API_RATE", default="600/min"),
        "anon": env("API_RATE_ANONYMOUS", default="30/min"),
    },
    "EXCEPTION_HANDLER": "supervision.api.problems.handle",
    "DATETIME_FORMAT": "iso-8601",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "医保基金监管 API",
    "DESCRIPTION": "Matters, parties, claims screening and money of medical-insurance fund supervision.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["supervision.api.identity.HoldsAPost"],
    "SORT_OPERATION_PARAMETERS": False,
    # Two kinds of state that would otherwise be named by a hash.
    "ENUM_NAME_OVERRIDES": {
        "WorkState": "monitoring.models.work.WorkState",
        "AlertState": "monitoring.models.screening.Alert.State",
    },
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "inspections" / "draws" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": {
        "BACKEND": env.str("EVIDENCE_STORAGE", default="supervision.records.storage.WholeFileStorage"),
        "OPTIONS": env.json("EVIDENCE_STORAGE_OPTIONS", default={"location": str(VAR_DIR / "evidence")}),
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
# Maps are for developers' tools and large: not worth compressing at every start.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "webp", "gz", "br", "woff", "woff2", "map", "zip"]

EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=500 * 1024 * 1024)
EVIDENCE_TYPES = env.list(
    "EVIDENCE_TYPES",
    default=[
        "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif", "image/tiff",
        "application/pdf", "text/plain",
        "audio/mpeg", "audio/mp4", "audio/wav", "audio/x-wav", "audio/amr", "video/mp4", "video/quicktime",
        "application/msword", "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ],
)  # fmt: skip
# Stored content that no record names by then is removed; a step or an import must not take longer.
EVIDENCE_STRAY_HOURS = env.int("EVIDENCE_STRAY_HOURS", default=24)
# A dotted callable `(file) → name of the virus or ''`; CLAMD_ADDRESS is host:port or the path of a socket.
CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
EVIDENCE_SCANNER = env.str("EVIDENCE_SCANNER", default="supervision.records.clamd.scan" if CLAMD_ADDRESS else "")

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": env.int("TASK_VISIBILITY_SECONDS", default=3600)}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "sweep terms": {"task": "supervision.procedure.tasks.sweep_terms", "schedule": timedelta(minutes=1)},
    "seal events": {"task": "supervision.procedure.tasks.seal_events", "schedule": timedelta(minutes=5)},
    "sweep stray content": {"task": "supervision.records.tasks.sweep_stray", "schedule": timedelta(days=1)},
    "forget API answers": {"task": "supervision.api.tasks.forget_answers", "schedule": timedelta(days=1)},
    "follow agreements": {
        "task": "agreements.tasks.follow_agreements_calendar",
        "schedule": timedelta(minutes=10),
    },
    "evaluate credit": {"task": "credit.tasks.evaluate_parties", "schedule": timedelta(days=1)},
    "move draws": {"task": "inspections.draws.tasks.tick", "schedule": timedelta(minutes=1)},
    "carry leads on": {"task": "inspections.leads.tasks.carry_on", "schedule": timedelta(days=1)},
    "take up stalled claims work": {"task": "monitoring.take_up_stalled", "schedule": timedelta(minutes=1)},
    "collect claims garbage": {"task": "monitoring.collect_garbage", "schedule": timedelta(days=1)},
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

LOGGING = logging_settings(
    as_json=env.str("LOG_FORMAT", default="text" if DEBUG else "json") == "json",
    level=env.str("LOG_LEVEL", default="INFO"),
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
AXES_VERBOSE = False
# Who may read /metrics; without it there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
