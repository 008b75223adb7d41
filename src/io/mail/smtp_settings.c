/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <curl/curl.h>
#include <string.h>

#include "arena/arena.h"
#include "mail/smtp.h"
#include "records/checks.h"
#include "text/slice.h"

/* A part of the address, decoded, in the arena; NULL when it has none. */
static const char *part(struct arena *a, CURLU *url, CURLUPart what)
{
    char *text = NULL;
    const char *kept = NULL;
    if (curl_url_get(url, what, &text, CURLU_URLDECODE) == CURLUE_OK)
        kept = arena_print(a, "%s", text);
    curl_free(text);
    return kept;
}

static struct fault *read_parts(struct arena *a, CURLU *url, const char *typed, struct smtp_settings *s)
{
    bool read = curl_url_set(url, CURLUPART_URL, typed, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    const char *scheme = read ? part(a, url, CURLUPART_SCHEME) : NULL;
    const char *host = read ? part(a, url, CURLUPART_HOST) : NULL,
               *port = read ? part(a, url, CURLUPART_PORT) : NULL;
    bool known = scheme && (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0);
    if (!known || !host || part(a, url, CURLUPART_PASSWORD) || part(a, url, CURLUPART_QUERY))
        return fault_in("mail", fault(FAULT_INVALID,
                                      "The mail server is written smtp://user@host:port, or smtps://. Its "
                                      "password stands in a file or the environment."));
    s->url = arena_print(a, "%s://%s%s%s", scheme, host, port ? ":" : "", port ? port : "");
    s->user = part(a, url, CURLUPART_USER);
    return NULL;
}

/* "Name <address>" or the address alone. */
static struct fault *read_from(struct arena *a, const char *typed, struct smtp_settings *s)
{
    const char *open = strchr(typed, '<');
    struct slice address = slice_trim(slice_of(open ? open + 1 : typed));
    if (open && address.len && address.ptr[address.len - 1] == '>')
        address.len--;
    s->from = slice_text(a, address);
    s->from_name = open && open > typed
                       ? slice_text(a, slice_trim((struct slice){typed, (size_t)(open - typed)}))
                       : NULL;
    return fault_in("mail-from", check_email(s->from));
}

struct fault *smtp_settings_read(struct arena *a, const char *url, const char *from, const char *password,
                                 struct smtp_settings *s)
{
    *s = (struct smtp_settings){.password = password};
    CURLU *parsed = curl_url();
    if (!parsed)
        return fault(FAULT_BUG, "The mail library has no memory left.");
    struct fault *failed = read_parts(a, parsed, url, s);
    curl_url_cleanup(parsed);
    TRY(failed);
    if (s->user && !password)
        return fault_in("mail",
                        fault(FAULT_INVALID, "There is a user for the mail server, and no password."));
    return read_from(a, from, s);
}
