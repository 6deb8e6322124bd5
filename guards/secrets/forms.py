"""The forms of keys and tokens as their services publish them: a mark that stands in each, and the whole of it.

A form is worth a row when its mark alone makes it unlikely to be anything else. Written for Parapet from the services'
own documentation; what detect-secrets knows beyond these is in `vendor.py`.
"""
# ruff: noqa: E501  a form is read in one piece

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from guards.secrets.found import Found
from guards.secrets.placeholder import is_dummy

_B, _E = r"(?<![A-Za-z0-9_-])", r"(?![A-Za-z0-9_-])"
_W = r"[A-Za-z0-9_-]"
_FORMS: tuple[tuple[str, str, str], ...] = (
    # label, marks separated by blanks (a text without any is not searched), form
    ("AWS key", "AKIA ASIA ABIA ACCA A3T", r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[A-Z2-7]{16}(?![A-Za-z0-9])"),
    ("AWS Bedrock key", "ABSKQ bedrock-api-key-", r"ABSK[A-Za-z0-9+/]{60,400}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{30,900}"),
    ("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", rf"(?:gh[pousr]_[A-Za-z0-9]{{36,255}}|github_pat_[A-Za-z0-9_]{{22,255}}){_E}"),
    ("GitLab token", "glpat- gldt- glrt- glcbt- glptt- glft- gloas- glagent- glimt- glsoat- glffct- glwt- GR1348941", rf"(?:gl(?:pat|dt|rt|cbt|ptt|ft|oas|agent|imt|soat|ffct|wt)-{_W}{{20,200}}|GR1348941{_W}{{20,60}})"),
    ("Slack token", "xox xapp-", r"xox[abeoprsd](?:-[A-Za-z0-9%]{4,200}){1,6}|xapp-\d-[A-Za-z0-9-]{20,200}|xoxe\.xox[bp]-\d-[A-Za-z0-9-]{20,250}"),
    ("Slack webhook", "hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,120}"),
    ("Teams webhook", "webhook.office.com", r"[a-z0-9-]{1,60}\.webhook\.office\.com/webhookb2/[A-Za-z0-9@/-]{60,300}"),
    ("Discord webhook", "/api/webhooks/", rf"discord(?:app)?\.com/api/webhooks/\d{{15,22}}/{_W}{{50,90}}"),
    ("Discord token", "M N O", r"[MNO][A-Za-z\d_-]{23,27}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,40}"),
    ("Stripe key", "sk_ rk_ whsec_", rf"(?:sk|rk|whsec)_(?:(?:live|test|prod)_)?(?=[a-zA-Z]{{0,80}}\d)[A-Za-z0-9]{{16,250}}{_E}"),
    ("Anthropic key", "sk-ant-", rf"sk-ant-{_W}{{20,250}}"),
    ("OpenAI key", "sk-", rf"sk-(?:proj-|svcacct-|admin-|or-v1-|lf-)?(?=[A-Za-z_-]{{0,99}}\d){_W}{{20,250}}"),
    ("Groq key", "gsk_", rf"gsk_[A-Za-z0-9]{{40,60}}{_E}"),
    ("xAI key", "xai-", rf"xai-[A-Za-z0-9]{{60,90}}{_E}"),
    ("Perplexity key", "pplx-", rf"pplx-[A-Za-z0-9]{{40,60}}{_E}"),
    ("Replicate token", "r8_", rf"r8_[A-Za-z0-9]{{37,40}}{_E}"),
    ("Google key", "AIza GOCSPX- ya29. 1//0", rf"AIza{_W}{{35}}{_E}|GOCSPX-{_W}{{28}}{_E}|ya29\.{_W}{{20,500}}|1//0{_W}{{30,120}}"),
    ("Hugging Face token", "hf_ api_org_", rf"(?:hf_|api_org_)[A-Za-z0-9]{{30,60}}{_E}"),
    ("npm token", "npm_", rf"npm_[A-Za-z0-9]{{36}}{_E}"),
    ("PyPI token", "pypi-A", rf"pypi-A{_W}{{50,1000}}"),
    ("RubyGems key", "rubygems_", rf"rubygems_[a-f0-9]{{48}}{_E}"),
    ("crates.io token", "cio", rf"cio[A-Za-z0-9]{{32}}{_E}"),
    ("NuGet key", "oy2", rf"oy2[a-z0-9]{{43}}{_E}"),
    ("Clojars token", "CLOJARS_", rf"CLOJARS_[a-z0-9]{{60}}{_E}"),
    ("Docker token", "dckr_", rf"dckr_(?:pat|oat)_{_W}{{27,60}}{_E}"),
    ("SendGrid key", "SG.", rf"SG\.{_W}{{16,32}}\.{_W}{{32,64}}"),
    ("Mailgun key", "key- pubkey-", rf"(?:pub)?key-[a-f0-9]{{32}}{_E}"),
    ("Mailchimp key", "-us", rf"[a-f0-9]{{32}}-us\d{{1,2}}{_E}"),
    ("Brevo key", "xkeysib- xsmtpsib-", r"x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}"),
    ("Twilio key", "SK", rf"SK[0-9a-f]{{32}}{_E}"),
    ("Telegram token", ":A", rf"\d{{8,10}}:A{_W}{{34}}{_E}"),
    ("DigitalOcean token", "_v1_", rf"do[opr]_v1_[a-f0-9]{{64}}{_E}"),
    ("Heroku key", "HRKU-", rf"HRKU-{_W}{{30,80}}"),
    ("Render key", "rnd_", rf"rnd_[A-Za-z0-9]{{28,40}}{_E}"),
    ("Fly.io token", "FlyV1 fo1_", rf"FlyV1 fm\d_[A-Za-z0-9+/=,_-]{{80,2000}}|fo1_{_W}{{43}}"),
    ("Supabase key", "sbp_ sb_secret_", rf"sbp_[a-f0-9]{{40}}{_E}|sb_secret_{_W}{{20,60}}"),
    ("Netlify token", "nfp_", rf"nfp_[A-Za-z0-9]{{36,44}}{_E}"),
    ("Vercel token", "vcp_ vck_", rf"vc[pkiar]_[A-Za-z0-9]{{24,64}}{_E}"),
    ("Shopify token", "shp", rf"shp(?:at|ca|pa|ss|ua|tka)_[a-fA-F0-9]{{32}}{_E}"),
    ("Square token", "EAAA sq0", rf"EAAA{_W}{{60}}{_E}|sq0(?:atp|csp|idp)-{_W}{{22,60}}"),
    ("PayPal token", "access_token$", r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}"),
    ("Plaid token", "access-", r"access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("Adyen key", "AQE", r"AQE[a-z]hm[A-Za-z0-9+/=.{}*<>$%&()#@!~^|-]{60,300}"),
    ("Flutterwave key", "FLWSECK", r"FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-X)?"),
    ("Razorpay key", "rzp_", rf"rzp_(?:live|test)_[A-Za-z0-9]{{14}}{_E}"),
    ("Databricks token", "dapi", rf"dapi[a-f0-9]{{32}}(?:-\d)?{_E}"),
    ("HashiCorp token", "hvs. hvb. hvr. s. .atlasv1.", rf"hv[sbr]\.{_W}{{24,300}}|[A-Za-z0-9]{{14}}\.atlasv1\.{_W}{{60,70}}|s\.(?=[A-Za-z]{{0,20}}\d)[A-Za-z0-9]{{24}}{_E}"),
    ("Doppler token", "dp.", rf"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{{2,35}}\.)?[A-Za-z0-9]{{40,44}}{_E}"),
    ("1Password token", "ops_ey A3-", rf"ops_ey{_W}{{200,1200}}|A3-[A-Z0-9]{{6}}-(?:[A-Z0-9]{{11}}|[A-Z0-9]{{6}}-[A-Z0-9]{{5}})(?:-[A-Z0-9]{{5}}){{3}}"),
    ("Infisical token", "st.", r"st\.[a-f0-9-]{24,36}\.[a-f0-9]{32}\.[a-f0-9]{32}"),
    ("Pulumi token", "pul-", rf"pul-[a-f0-9]{{40}}{_E}"),
    ("Grafana token", "glc_ glsa_ eyJrIjoi", r"glc_[A-Za-z0-9+/]{32,400}={0,2}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}|eyJrIjoi[A-Za-z0-9]{60,400}={0,2}"),
    ("New Relic key", "NRAK- NRII- NRAL NRIQ- NRJS-", rf"(?:NRAK|NRII|NRIQ)-{_W}{{27,40}}|[a-f0-9]{{36}}NRAL"),
    ("Dynatrace token", "dt0", r"dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    ("Sentry token", "sntrys_ sntryu_", rf"sntrys_ey{_W}{{60,400}}={{0,2}}(?:_{_W}{{20,60}})?|sntryu_[a-f0-9]{{64}}"),
    ("Honeycomb key", "hc", rf"hc[a-z]i[kc]_[a-z0-9]{{58}}{_E}"),
    ("PostHog key", "phx_", rf"phx_[A-Za-z0-9]{{40,60}}{_E}"),
    ("LaunchDarkly key", "sdk- api-", rf"(?:sdk|api|mob)-[a-f0-9]{{8}}(?:-[a-f0-9]{{4}}){{3}}-[a-f0-9]{{12}}{_E}"),
    ("Notion token", "ntn_ secret_", rf"ntn_[A-Za-z0-9]{{40,60}}{_E}|secret_(?=[A-Za-z]{{0,43}}\d)[A-Za-z0-9]{{43}}{_E}"),
    ("Linear key", "lin_", rf"lin_(?:api|oauth)_[A-Za-z0-9]{{40,64}}{_E}"),
    ("Asana token", "/", rf"[12]/\d{{12,20}}(?:/\d{{12,20}})?:[a-f0-9]{{32}}{_E}"),
    ("Atlassian token", "ATATT3 ATCTT3 ATBB", rf"AT[AC]TT3{_W}{{100,250}}=?[A-F0-9]{{0,8}}|ATBB[A-Za-z0-9]{{24,40}}{_E}"),
    ("Figma token", "figd_", rf"figd_{_W}{{38,60}}"),
    ("Airtable token", "pat key", rf"pat[A-Za-z0-9]{{14}}\.[a-f0-9]{{64}}{_E}"),
    ("Contentful token", "CFPAT-", rf"CFPAT-{_W}{{43}}"),
    ("Postman key", "PMAK-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    ("Typeform token", "tfp_", rf"tfp_{_W}{{40,70}}"),
    ("HubSpot token", "pat-", r"pat-(?:na|eu|ap)\d-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ("Okta token", "SSWS", rf"SSWS\s{{1,3}}00{_W}{{40}}"),
    ("Salesforce token", "00D", r"00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{60,140}"),
    ("Facebook token", "EAA", rf"EAA[MC][A-Za-z0-9]{{80,300}}{_E}|EAA[A-Za-z0-9]{{100,300}}{_E}"),
    ("Twitter token", "AAAAAAAAAA", r"A{20,22}[A-Za-z0-9%]{60,120}"),
    ("Dropbox token", "sl.", rf"sl\.(?:u\.)?{_W}{{100,1400}}"),
    ("Mapbox token", "sk.eyJ", rf"sk\.eyJ{_W}{{60,200}}\.{_W}{{22}}"),
    ("Yandex token", "t1. y0_ AQVN", rf"t1\.[A-Z0-9a-z_-]{{20,120}}=?\.{_W}{{80,100}}|y0_{_W}{{50,70}}|AQVN{_W}{{35,40}}{_E}"),
    ("Alibaba key", "LTAI", rf"LTAI[A-Za-z0-9]{{16,24}}{_E}"),
    ("Tencent key", "AKID", rf"AKID[A-Za-z0-9]{{32}}{_E}"),
    ("Artifactory token", "AKC cmVmd", r"AKC(?=[A-Za-z]{0,60}\d)[A-Za-z0-9]{60,80}(?![A-Za-z0-9])|cmVmd[A-Za-z0-9]{59}(?![A-Za-z0-9])"),
    ("SonarQube token", "sqp_ squ_ sqa_", rf"sq[pua]_[a-f0-9]{{40}}{_E}"),
    ("Buildkite token", "bkua_ bkaj_", rf"bk(?:ua|aj|at|ct)_[A-Za-z0-9]{{30,60}}{_E}"),
    ("CircleCI token", "CCIP", r"CCIP(?:AT|RJ)_[A-Za-z0-9]{20,24}_[a-f0-9]{40}"),
    ("Terraform token", "atlas", r"ATLAS_[A-Za-z0-9]{40,60}"),
    ("Cloudflare key", "v1.0-", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}"),
    ("PlanetScale token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}"),
    ("Prefect key", "pnu_ pnb_", rf"pn[ub]_[A-Za-z0-9]{{36}}{_E}"),
    ("Readme key", "rdme_", rf"rdme_[a-z0-9]{{70}}{_E}"),
    ("Shippo token", "shippo_", rf"shippo_(?:live|test)_[a-f0-9]{{40}}{_E}"),
    ("EasyPost key", "EZAK EZTK", rf"EZ[AT]K[A-Za-z0-9]{{54}}{_E}"),
    ("Duffel token", "duffel_", r"duffel_(?:live|test)_[A-Za-z0-9_=-]{43}"),
    ("Lob key", "live_ test_", rf"(?:live|test)_(?:pub_)?(?=[a-f]{{0,35}}\d)[a-f0-9]{{35}}{_E}"),
    ("Frame.io token", "fio-u-", rf"fio-u-{_W}{{64}}"),
    ("Tailscale key", "tskey-", r"tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,24}-[A-Za-z0-9]{20,48}"),
    ("age key", "AGE-SECRET-KEY-1", rf"AGE-SECRET-KEY-1[A-Z0-9]{{58}}{_E}"),
    ("Azure key", "AccountKey= SharedAccessKey=", r"(?:AccountKey|SharedAccessKey)=(?P<value>[A-Za-z0-9+/]{40,100}={0,2})"),
    ("Azure client secret", "8Q~", r"[A-Za-z0-9_~.-]{3}\dQ~[A-Za-z0-9_~.-]{31,34}"),
    ("Azure signature", "sig=", r"(?:[?&;]|\bsig=)(?:sig=)?(?P<value>[A-Za-z0-9]{0,60}(?:%2[BbFf]|[A-Za-z0-9+/]){30,120}(?:%3[Dd]|=))(?=[&\s\"';]|$)"),
    ("Azure DevOps token", "JQQJ99 AZDO", r"[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{18}AZDO[A-Za-z0-9]{4}"),
    ("signed token", "eyJ", rf"eyJ{_W}{{8,2000}}\.eyJ{_W}{{8,4000}}\.{_W}{{10,1500}}"),
    ("one-time password seed", "otpauth://", r"otpauth://[ht]otp/[^\s?\"']{1,200}\?[^\s\"']{0,200}?secret=(?P<value>[A-Za-z2-7]{16,128})"),
    ("Ethereum key", "0x", r"(?i)priv(?:ate)?[_ -]?key[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?P<value>0x[0-9a-f]{64})(?![0-9a-f])"),
    ("access token", "earer ", r"(?<![A-Za-z])[Bb]earer[ \t]{1,3}(?P<value>(?=[A-Za-z._~+/-]{0,99}\d)[A-Za-z0-9._~+/-]{20,2000}=*)"),
)  # fmt: skip


def published(text: str) -> Iterator[Found]:
    """Keys that have a published form; what was plainly written to stand for one is left out."""
    for label, marks, pattern in _FORMS:
        if not any(mark in text for mark in marks.split()):
            continue
        for match in _compiled(pattern).finditer(text):
            group = "value" if "value" in match.groupdict() else 0
            if not is_dummy(_body(match[group])):
                yield Found(*match.span(group), label, 1.0)


def _body(key: str) -> str:
    """The key without its mark: the part that is drawn by chance."""
    return key if len(key) < 24 else key[4:]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern if pattern.startswith("(?i)") or "(?P<value>" in pattern else rf"{_B}(?:{pattern})")
