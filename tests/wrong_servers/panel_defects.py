"""The ways in which panel.py can be wrong, by name; each changes one thing of a Panel. Those that begin with "other-"
are as right as the original, and must not be taken for wrong; those with "choice-" answer something else where the
documents leave it open. panel.expected.json says what is to be found.
"""

import json

from panel import Panel, Problem

DEFECTS = {"none": Panel}


def defect(name):
    def add(changed):
        DEFECTS[name] = changed
        return changed
    return add


# ------------------------------------------------------------ pages and counts

@defect("page-off-by-one")
class _(Panel):
    def of_page(self, sessions, page, limit):
        return sessions[page * limit:(page + 1) * limit]


@defect("pages-overlap")
class _(Panel):
    def of_page(self, sessions, page, limit):
        start = max((page - 1) * limit - 1, 0)
        return sessions[start:start + limit]


@defect("page-past-the-end-is-the-last")
class _(Panel):
    def of_page(self, sessions, page, limit):
        return super().of_page(sessions, max(min(page, self.pages(len(sessions), limit)), 1), limit)


@defect("page-past-the-end-is-404")
class _(Panel):
    def of_page(self, sessions, page, limit):
        if page > max(self.pages(len(sessions), limit), 1):
            raise Problem(404, "No such page")
        return super().of_page(sessions, page, limit)


@defect("limit-is-ignored")
class _(Panel):
    def of_page(self, sessions, page, limit):
        return super().of_page(sessions, page, self.default_limit)


@defect("default-limit-is-20")
class _(Panel):
    default_limit = 20


@defect("limit-101-is-taken")
class _(Panel):
    def number(self, name, values, least, most):
        return super().number(name, values, least, most and most + 1)


@defect("limit-100-is-refused")
class _(Panel):
    def number(self, name, values, least, most):
        value, problem = super().number(name, values, least, most)
        return value, "must be less than 100" if value == most == 100 else problem


@defect("page-0-is-the-first")
class _(Panel):
    def number(self, name, values, least, most):
        return super().number(name, ["1"] if name == "page" and values == ["0"] else values, least, most)


@defect("letters-are-a-server-error")
class _(Panel):
    def number(self, name, values, least, most):
        value, problem = super().number(name, values, least, most)
        if problem == "must be an integer":
            raise Problem(500, "invalid literal for int()")
        return value, problem


@defect("total-is-the-page's")
class _(Panel):
    def total(self, sessions, shown):
        return len(shown)


@defect("pages-are-rounded-down")
class _(Panel):
    def pages(self, total, limit):
        return total // limit


# ------------------------------------------------------------ what is listed

@defect("oldest-first")
class _(Panel):
    def in_order(self, sessions):
        return list(reversed(super().in_order(sessions)))


@defect("expired-are-listed")
class _(Panel):
    def listed(self, key):
        return [one for one in self.sessions.values() if one["owner"] == key]


@defect("expired-can-be-revoked")
class _(Panel):
    def find(self, key, token):
        one = self.sessions.get(token)
        return one if one and one["owner"] == key else None


@defect("nothing-expires-anew")
class _(Panel):
    def advance(self, milliseconds):
        pass


@defect("everybodys-are-listed")
class _(Panel):
    def listed(self, key):
        return [one for one in self.sessions.values() if not self.is_over(one)]


@defect("fingerprint-of-others-is-shown")
class _(Panel):
    def shown(self, one):
        return {**super().shown(one), "fingerprint": one["fingerprint"] or "fp_" + one["token"][-6:]}


@defect("owner-is-shown")
class _(Panel):
    def shown(self, one):
        return one


@defect("device-is-missing")
class _(Panel):
    def shown(self, one):
        return {name: value for name, value in super().shown(one).items() if name != "device"}


@defect("timestamp-is-text")
class _(Panel):
    def shown(self, one):
        return {**super().shown(one), "expiresAtTimestamp": str(one["expiresAtTimestamp"])}


@defect("no-current-token")
class _(Panel):
    def list(self, key, query):
        status, body = super().list(key, query)
        del body["currentToken"]
        return status, body


@defect("seen-anew-at-each-look")
class _(Panel):
    looks = 0

    def reset(self):
        super().reset()
        self.looks = 0

    def list(self, key, query):
        self.looks += 1
        return super().list(key, query)

    def shown(self, one):
        last = one["lastSeenAt"] if self.looks == 1 else f"2024-03-15T14:30:{self.looks % 60:02d}.000Z"
        return {**super().shown(one), "lastSeenAt": last}


# ------------------------------------------------------------ revoking one

@defect("revoked-stay")
class _(Panel):
    def revoke(self, key, token):
        kept = dict(self.sessions)
        answer = super().revoke(key, token)
        self.sessions = kept
        return answer


@defect("revoking-one-revokes-the-others")
class _(Panel):
    def revoke(self, key, token):
        answer = super().revoke(key, token)
        self.forget(self.owned(key))
        return answer


@defect("anybodys-can-be-revoked")
class _(Panel):
    def find(self, key, token):
        one = self.sessions.get(token)
        return one if one and not self.is_over(one) else None


@defect("revoked-current-stays-logged-in")
class _(Panel):
    def revoke(self, key, token):
        accounts = dict(self.accounts)
        answer = super().revoke(key, token)
        self.accounts = accounts
        return answer


@defect("any-revoked-session-logs-out")
class _(Panel):
    def revoke(self, key, token):
        answer = super().revoke(key, token)
        self.accounts.pop(key, None)
        return answer


@defect("current-is-never-revoked-they-say")
class _(Panel):
    def say_not(self, answer):
        answer[1]["data"]["currentSessionRevoked"] = False
        return answer

    def revoke(self, key, token):
        return self.say_not(super().revoke(key, token))

    def revoke_all(self, key, query):
        return self.say_not(super().revoke_all(key, query))


@defect("revoked-without-current-flag")
class _(Panel):
    def revoke(self, key, token):
        status, body = super().revoke(key, token)
        del body["data"]["currentSessionRevoked"]
        return status, body


@defect("revoked-is-204")
class _(Panel):
    def revoke(self, key, token):
        super().revoke(key, token)
        return 204, None


@defect("not-found-is-200")
class _(Panel):
    def not_found(self):
        return 200, {"data": {"revoked": False, "currentSessionRevoked": False}}


@defect("not-found-has-another-shape")
class _(Panel):
    def problem(self, problem, url):
        status, body = super().problem(problem, url)
        return status, {"message": body["message"]} if status == 404 else body


@defect("no-token-is-not-found")
class _(Panel):
    def no_token(self):
        return self.not_found()


@defect("no-token-is-405")
class _(Panel):
    def no_token(self):
        raise Problem(405, "Method not allowed")


# ------------------------------------------------------------ revoking all

@defect("include-current-is-ignored")
class _(Panel):
    def include_current(self, query):
        super().include_current(query)
        return False


@defect("include-current-is-the-default")
class _(Panel):
    def include_current(self, query):
        return super().include_current(query if "includeCurrent" in query else {"includeCurrent": ["true"]})


@defect("include-current-stays-logged-in")
class _(Panel):
    def revoke_all(self, key, query):
        accounts = dict(self.accounts)
        answer = super().revoke_all(key, query)
        self.accounts = accounts
        return answer


@defect("any-word-is-false")
class _(Panel):
    def boolean(self, name, values):
        return values[0] == "true", None


@defect("revoked-is-one-more")
class _(Panel):
    def revoke_all(self, key, query):
        status, body = super().revoke_all(key, query)
        body["data"]["revoked"] += 1
        return status, body


@defect("revoke-all-leaves-one")
class _(Panel):
    def revoke_all(self, key, query):
        kept = [one for one in self.owned(key) if not one["isCurrent"]][:1]
        answer = super().revoke_all(key, query)
        self.sessions.update((one["token"], one) for one in kept)
        return answer


@defect("revoke-all-revokes-everybodys")
class _(Panel):
    def revoke_all(self, key, query):
        answer = super().revoke_all(key, query)
        self.sessions = {token: one for token, one in self.sessions.items() if one["owner"] == key}
        return answer


# ------------------------------------------------------------ who may

@defect("not-authenticated-is-403")
class _(Panel):
    def problem(self, problem, url):
        if problem.status == 401:
            problem = Problem(403, "Authentication required.")
        return super().problem(problem, url)


@defect("no-credential-is-served")
class _(Panel):
    def account(self, authorization):
        return super().account(authorization or "Bearer YOUR_API_KEY")


@defect("unknown-key-is-served")
class _(Panel):
    def account(self, authorization):
        try:
            return super().account(authorization)
        except Problem:
            if not authorization or "YOUR_API_KEY" not in self.accounts:
                raise
            return "YOUR_API_KEY"


# ------------------------------------------------------------ texts and bytes

@defect("validation-message-altered")
class _(Panel):
    def problem(self, problem, url):
        status, body = super().problem(problem, url)
        return status, {**body, "message": "Validation failed"} if status == 400 and "data" in body else body


@defect("errors-are-text")
class _(Panel):
    def content_type(self, status):
        return "text/plain" if status == 401 else super().content_type(status)


@defect("errors-are-pages")
class _(Panel):
    def content_type(self, status):
        return "text/html" if status == 400 else super().content_type(status)

    def written(self, status, body):
        return "<html><body><h1>400 Bad Request</h1></body></html>" if status == 400 else super().written(status, body)


@defect("revoked-is-not-json")
class _(Panel):
    def written(self, status, body):
        text = super().written(status, body)
        return text.replace("true", "True").replace("false", "False") if "revoked" in body.get("data", {}) else text


@defect("list-has-a-byte-order-mark")
class _(Panel):
    def written(self, status, body):
        text = super().written(status, body)
        return "\ufeff" + text if "pagination" in body else text


@defect("post-lists-too")
class _(Panel):
    def answer(self, method, path, query, authorization):
        return super().answer("GET" if method == "POST" else method, path, query, authorization)


# ------------------------------------------------------------ where the documents leave it open

@defect("choice-invalid-is-422")
class _(Panel):
    def check(self, **problems):
        try:
            super().check(**problems)
        except Problem as problem:
            raise Problem(422, "Unprocessable", errors=[]) from problem


@defect("choice-error-bodies")
class _(Panel):
    def problem(self, problem, url):
        return problem.status, {"errors": [{"detail": str(problem)}]}


# ------------------------------------------------------------ not wrong

@defect("other-method-is-not-found")
class _(Panel):
    def nobody(self, path_is_known):
        raise Problem(404, "Page not found")


@defect("other-spaces")
class _(Panel):
    def written(self, status, body):
        return json.dumps(body, indent=3) + "\n"


@defect("other-media-type-parameters")
class _(Panel):
    def content_type(self, status):
        return "Application/JSON;charset=utf-8"
