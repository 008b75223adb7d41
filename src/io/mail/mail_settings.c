/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include <curl/curl.h>
#include <string.h>

#include "arena/arena.h"
#include "mail/mailbox.h"
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

/* SCHEME[s]://user@host:port, and what follows it. */
struct typed {
    const char *url, *user, *path;
};
static bool read_parts(struct arena *a, CURLU *url, const char *written, const char *plain, struct typed *t)
{
    bool read = curl_url_set(url, CURLUPART_URL, written, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    const char *scheme = read ? part(a, url, CURLUPART_SCHEME) : NULL;
    const char *host = read ? part(a, url, CURLUPART_HOST) : NULL,
               *port = read ? part(a, url, CURLUPART_PORT) : NULL;
    if (!scheme || (strcmp(scheme, plain) != 0 && strcmp(scheme, arena_print(a, "%ss", plain)) != 0))
        return false;
    t->url = arena_print(a, "%s://%s%s%s", scheme, host, port ? ":" : "", port ? port : "");
    t->user = part(a, url, CURLUPART_USER);
    t->path = part(a, url, CURLUPART_PATH);
    return host && !part(a, url, CURLUPART_PASSWORD) && !part(a, url, CURLUPART_QUERY);
}

static struct fault *read_typed(struct arena *a, const char *written, const char *plain, struct typed *t,
                                bool *read)
{
    CURLU *url = curl_url();
    if (!url)
        return fault(FAULT_BUG, "The mail library has no memory left.");
    *read = read_parts(a, url, written, plain, t);
    curl_url_cleanup(url);
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

/* What stands before an @ has at most 64 characters (RFC 5321), of which a sign takes its own. */
static struct fault *check_returns(const char *address)
{
    enum { MOST = 64 - SMTP_SIGN - 1 };
    if (!address)
        return NULL;
    TRY(fault_in("mail-returns", check_email(address)));
    return strcspn(address, "@") <= MOST
               ? NULL
               : fault_in("mail-returns",
                          fault(FAULT_INVALID, "At most %d characters before the @: a number follows them.",
                                MOST));
}

struct fault *smtp_settings_read(struct arena *a, const char *url, const char *from, const char *returns,
                                 const char *password, struct smtp_settings *s)
{
    struct typed t = {0};
    bool read = false;
    TRY(read_typed(a, url, "smtp", &t, &read));
    if (!read)
        return fault_in("mail", fault(FAULT_INVALID,
                                      "The mail server is written smtp://user@host:port, or smtps://. Its "
                                      "password stands in a file or the environment."));
    if (t.user && !password)
        return fault_in("mail",
                        fault(FAULT_INVALID, "There is a user for the mail server, and no password."));
    TRY(check_returns(returns));
    *s = (struct smtp_settings){.url = t.url, .user = t.user, .password = password, .returns = returns};
    return read_from(a, from, s);
}

struct fault *mailbox_settings_read(struct arena *a, const char *url, const char *password,
                                    struct mailbox_settings *s)
{
    struct typed t = {0};
    bool read = false;
    TRY(read_typed(a, url, "imap", &t, &read));
    const char *folder = read && t.path && strlen(t.path) > 1 ? t.path + 1 : "INBOX";
    if (!read || strpbrk(folder, ";/?% "))
        return fault_in("mailbox",
                        fault(FAULT_INVALID,
                              "The mailbox is written imaps://user@host:port/INBOX, or imap://. Its "
                              "password stands in a file or the environment."));
    if (t.user && !password)
        return fault_in("mailbox",
                        fault(FAULT_INVALID, "There is a user for the mail server, and no password."));
    *s = (struct mailbox_settings){
        .url = arena_print(a, "%s/%s", t.url, folder), .user = t.user, .password = password};
    return NULL;
}
