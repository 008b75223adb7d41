/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/message.h"

#include <gmime/gmime.h>
#include <pthread.h>
#include <string.h>
#include <strings.h>

#include "arena/arena.h"
#include "mail/charset.h"
#include "mail/vouched.h"

/* A header may hold any byte, and not all of them go into a database. */
static const char *kept(struct arena *a, const char *text)
{
    return text ? charset_text(a, slice_of(text), NULL).ptr : NULL;
}

/* "<mark@host>" → "mark". */
static const char *mark_of(struct arena *a, const char *id)
{
    const char *from = id ? id + strspn(id, " \t<") : NULL, *at = from ? strchr(from, '@') : NULL;
    return at ? arena_text(a, from, (size_t)(at - from)) : NULL;
}

/* Programs that write answers name the letter in one of these; the last of References is the nearest. */
static const char *answered_in(struct arena *a, GMimeObject *head)
{
    const char *answers = mark_of(a, g_mime_object_get_header(head, "In-Reply-To"));
    const char *all = answers ? NULL : g_mime_object_get_header(head, "References");
    return all ? mark_of(a, strrchr(all, '<')) : answers;
}

/* Two headers would let one vouch for the other. */
static const char *author_of(struct arena *a, GMimeMessage *m)
{
    GMimeHeaderList *all = g_mime_object_get_header_list(GMIME_OBJECT(m));
    int authors = 0;
    for (int i = 0; i < g_mime_header_list_get_count(all); i++)
        authors += strcasecmp(g_mime_header_get_name(g_mime_header_list_get_header_at(all, i)), "From") == 0;
    if (authors > 1)
        return NULL;
    InternetAddressList *from = g_mime_message_get_from(m);
    InternetAddress *one =
        from && internet_address_list_length(from) == 1 ? internet_address_list_get_address(from, 0) : NULL;
    return one && INTERNET_ADDRESS_IS_MAILBOX(one)
               ? kept(a, internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)))
               : NULL;
}

/* A mail server writes above what it was given: below the first of that name, anybody may have written. */
static bool is_vouched(struct arena *a, GMimeMessage *m, const char *by, const char *from)
{
    GMimeHeaderList *all = g_mime_object_get_header_list(GMIME_OBJECT(m));
    for (int i = 0; by && from && i < g_mime_header_list_get_count(all); i++) {
        GMimeHeader *h = g_mime_header_list_get_header_at(all, i);
        const char *results = g_mime_header_get_raw_value(h);
        if (strcasecmp(g_mime_header_get_name(h), "Authentication-Results") == 0 && results &&
            vouched_by(a, results, by))
            return vouched_for(a, results, from);
    }
    return false;
}

/* RFC 3834, and what was in use before it. */
static bool is_automatic(GMimeObject *m)
{
    const char *automatic = g_mime_object_get_header(m, "Auto-Submitted");
    const char *precedence = g_mime_object_get_header(m, "Precedence");
    return (automatic && strcasecmp(automatic, "no") != 0) ||
           (precedence && (strcasecmp(precedence, "bulk") == 0 || strcasecmp(precedence, "list") == 0 ||
                           strcasecmp(precedence, "junk") == 0)) ||
           g_mime_object_get_header(m, "List-Id");
}

static struct slice content_of(struct arena *a, GMimeObject *part)
{
    GMimeDataWrapper *content = GMIME_IS_PART(part) ? g_mime_part_get_content(GMIME_PART(part)) : NULL;
    struct slice text = {"", 0};
    if (!content)
        return text;
    GMimeStream *into = g_mime_stream_mem_new();
    if (g_mime_data_wrapper_write_to_stream(content, into) >= 0) {
        const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(into));
        text = (struct slice){arena_text(a, (const char *)bytes->data, bytes->len), bytes->len};
    }
    g_object_unref(into);
    return text;
}

static bool has_zero(struct slice bytes)
{
    return memchr(bytes.ptr, 0, bytes.len) != NULL;
}

/* NULL: a byte 0 was wrapped into it. */
static const char *first_text(struct arena *a, GMimeObject *root)
{
    const char *text = "";
    GMimePartIter *parts = g_mime_part_iter_new(root);
    bool found = false;
    while (!found && g_mime_part_iter_is_valid(parts)) {
        GMimeObject *part = g_mime_part_iter_get_current(parts);
        found = GMIME_IS_TEXT_PART(part) && !g_mime_part_is_attachment(GMIME_PART(part)) &&
                g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "plain");
        if (found) {
            struct slice whole = charset_text(a, content_of(a, part),
                                              g_mime_object_get_content_type_parameter(part, "charset"));
            text = has_zero(whole) ? NULL : whole.ptr;
        }
        if (!g_mime_part_iter_next(parts))
            break;
    }
    g_mime_part_iter_free(parts);
    return text;
}

/* --- reports of what did not arrive --------------------------------------------------------------------- */

/* The first value under a name in lines of headers; NULL: there is none. */
static const char *value_under(struct arena *a, struct slice lines, const char *name)
{
    struct slice line;
    size_t length = strlen(name);
    while (lines.len && slice_cut(&lines, '\n', &line))
        if (line.len > length && line.ptr[length] == ':' && strncasecmp(line.ptr, name, length) == 0)
            return kept(
                a, slice_text(a, slice_trim((struct slice){line.ptr + length + 1, line.len - length - 1})));
    return NULL;
}

/* "rfc822; bea@example.org" → "bea@example.org". */
static const char *address_under(struct arena *a, struct slice lines, const char *name)
{
    const char *value = value_under(a, lines, name), *typed = value ? strchr(value, ';') : NULL;
    return typed ? slice_text(a, slice_trim(slice_of(typed + 1))) : "";
}

/* multipart/report: words for people, what happened for programs. What may follow of the letter is not looked
 * at: whoever has read the letter could have written it. */
static void read_report(struct arena *a, GMimeObject *body, struct mail_message *m)
{
    const char *kind = body ? g_mime_object_get_content_type_parameter(body, "report-type") : NULL;
    if (!body || !GMIME_IS_MULTIPART(body) || !kind || strcasecmp(kind, "delivery-status") != 0 ||
        g_mime_multipart_get_count(GMIME_MULTIPART(body)) < 2)
        return;
    struct slice told = content_of(a, g_mime_multipart_get_part(GMIME_MULTIPART(body), 1));
    const char *action = value_under(a, told, "Action"), *status = value_under(a, told, "Status");
    m->automatic = true;
    if (!action || strcasecmp(action, "failed") != 0 || !status || status[0] != '5')
        return;
    m->status = status;
    m->failed_for[0] = address_under(a, told, "Original-Recipient");
    m->failed_for[1] = address_under(a, told, "Final-Recipient");
}

/* As mail servers wrote it on top when they handed the letter over, and whom it was sent to. */
static void read_sub_addresses(struct arena *a, GMimeObject *head, struct mail_message *m)
{
    static const char *const names[COUNT(m->sub_addresses)] = {"X-Original-To", "Delivered-To", "To"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *value = g_mime_object_get_header(head, names[i]);
        const char *at = value ? strrchr(value, '@') : NULL, *from = at;
        while (from && from > value && *from != '+')
            from--;
        if (from && *from == '+')
            m->sub_addresses[i] = arena_text(a, from + 1, (size_t)(at - from - 1));
    }
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void read_all(struct arena *a, GMimeMessage *from, const char *by, struct mail_message *m)
{
    GMimeObject *head = GMIME_OBJECT(from);
    const char *subject = g_mime_message_get_subject(from);
    *m = (struct mail_message){.id = kept(a, g_mime_message_get_message_id(from)),
                               .from = author_of(a, from),
                               .subject = kept(a, subject ? subject : ""),
                               .text = first_text(a, head),
                               .answers = answered_in(a, head),
                               .automatic = is_automatic(head)};
    read_sub_addresses(a, head, m);
    m->vouched = is_vouched(a, from, by, m->from);
    read_report(a, g_mime_message_get_mime_part(from), m);
}

/* GMime takes from the stack by the length of a header (charsets by name, groups within groups): the 8 MiB of
 * a thread are enough for twice as much. Parts have headers too, so every line counts, with those that go on.
 */
static bool has_endless_line(struct slice bytes)
{
    enum { LINE_MOST = 32 * 1024 };
    struct slice line;
    for (size_t length = 0; slice_cut(&bytes, '\n', &line);) {
        bool goes_on = line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t');
        length = goes_on ? length + line.len : line.len;
        if (length > LINE_MOST)
            return true;
    }
    return false;
}

static struct fault *no_letter(void)
{
    return fault(FAULT_INVALID, "This is no letter, or it is too long.");
}

struct fault *mail_message_read(struct arena *a, struct slice bytes, const char *by, struct mail_message *m)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, g_mime_init);
    if (!bytes.len || bytes.len > MESSAGE_MOST || has_zero(bytes) || has_endless_line(bytes))
        return no_letter();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *read = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    if (!read)
        return no_letter();
    read_all(a, read, by, m);
    g_object_unref(read);
    return m->text ? NULL : no_letter();
}
