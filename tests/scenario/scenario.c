/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* scenario.c - plays text files of requests and expected answers against a server with the demo's spaces.
 *
 *   # a remark, and the name of the test when it is the first line
 *   @ facilitator            another browser, without cookies, until the next @ (a name seen before: that one
 * again) > POST /besoins/nouveau  a request. Its cookies are kept; a POST carries the token of the last page
 * by itself > Accept: text/plain     a header of it | text=de l'eau          a field of its form; a field
 * called csrf replaces the token
 *   |% a=%FF                 a field sent as it stands
 *   |{"name":"x"}            a body of JSON, which carries no token by itself
 *   < 303                    the status: sends the request
 *   < Location: /besoins/    a header, and what it begins with
 *   < !ETag                  a header that must not be there
 *   + words                  somewhere in the body
 *   - words                  nowhere in the body
 *   * 3 words                that many times in the body
 *   = id Location: /besoins/ keeps letters, digits, - and _ that follow these words in headers or body, as
 * ${id} ! id Location: /besoins/ what follows these words is not ${id}
 *   ~ 1800                   the clock goes on by half an hour
 *   + ${id}                  and puts them anywhere; ${letter} is the token in the last letter sent;
 * ${x:70000} is seventy thousand letters x
 *
 * usage: scenario FILE... (prints TAP) */
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "accounts/api_tokens.h"
#include "clock/clock.h"
#include "demo/demo.h"
#include "i18n/i18n.h"
#include "log/log.h"
#include "pages/server.h"
#include "under_test.h"
#include "web/client.h"

enum { MOST_NAMES = 64, MOST_BROWSERS = 16, LONGEST = 4096 };

struct browser {
    const char *name;
    struct params cookies;
    size_t capacity;
    const char *token;
};

/* Letters come from the threads of the server. */
static pthread_mutex_t letters = PTHREAD_MUTEX_INITIALIZER;
static char last_letter[TOKEN_TEXT + 1];

struct play {
    struct arena *arena;
    int port;
    struct param names[MOST_NAMES];
    size_t name_count;
    struct browser browsers[MOST_BROWSERS];
    size_t browser_count;
    struct browser *browser;
    const char *method, *target, *headers;
    struct buffer *form;
    bool own_token, json;
    struct post *post;
    struct reply reply;
    bool asked; /* the request was sent: its answer is in reply */
};

/* --- words ----------------------------------------------------------------------------------------- */

static void set_name(struct play *p, const char *name, const char *value)
{
    name = arena_print(p->arena, "%s", name);
    for (size_t i = 0; i < p->name_count; i++)
        if (strcmp(p->names[i].name, name) == 0) {
            p->names[i].value = value;
            return;
        }
    if (p->name_count < MOST_NAMES)
        p->names[p->name_count++] = (struct param){name, value};
}

static void keep_letter(void *owner, const struct outgoing *l, struct carried *c)
{
    (void)owner;
    static const char *const marks[] = {"/lien/", "/invitation/"}; /* what reminds of something has neither */
    const char *at = NULL;
    for (size_t i = 0; i < COUNT(marks) && !at; i++)
        at = strstr(l->text, marks[i]) ? strstr(l->text, marks[i]) + strlen(marks[i]) : NULL;
    (void)pthread_mutex_lock(&letters);
    if (at)
        (void)snprintf(last_letter, sizeof last_letter, "%s", at);
    (void)pthread_mutex_unlock(&letters);
    c->outcome = OUTCOME_SENT;
}

static void add_value(struct play *p, struct buffer *out, const char *name)
{
    bool letter = strcmp(name, "letter") == 0;
    if (letter && post_work(p->post, NULL, NULL, NULL)) /* what was written has left */
        buffer_text(out, "a letter that could not leave");
    (void)pthread_mutex_lock(&letters);
    if (letter)
        buffer_text(out, last_letter);
    (void)pthread_mutex_unlock(&letters);
    const char *colon = strchr(name, ':');
    for (long i = colon ? strtol(colon + 1, NULL, 10) : 0; i > 0; i--)
        buffer_add(out, name, (size_t)(colon - name));
    for (size_t i = 0; !colon && i < p->name_count; i++)
        if (strcmp(p->names[i].name, name) == 0)
            buffer_text(out, p->names[i].value);
}

/* The line with its ${names} filled in. */
static const char *filled(struct play *p, const char *line)
{
    struct buffer *out = buffer_new(p->arena, 16 * MIB);
    for (const char *open; (open = strstr(line, "${")) != NULL; line = open + strcspn(open, "}") + 1) {
        buffer_add(out, line, (size_t)(open - line));
        add_value(p, out, arena_text(p->arena, open + 2, strcspn(open + 2, "}")));
    }
    buffer_text(out, line);
    return buffer_string(out);
}

/* --- asking ---------------------------------------------------------------------------------------- */

static void start_request(struct play *p, const char *line)
{
    const char *space = strchr(line, ' ');
    p->method = arena_text(p->arena, line, space ? (size_t)(space - line) : strlen(line));
    p->target = space ? space + 1 : "/";
    p->headers = "";
    p->form = buffer_new(p->arena, 16 * MIB);
    p->own_token = p->asked = p->json = false;
}

static void add_encoded(struct buffer *out, const char *text)
{
    for (; *text; text++)
        if (isalnum((unsigned char)*text) || strchr("-_.", *text))
            buffer_char(out, *text);
        else
            buffer_print(out, "%%%02X", (unsigned char)*text);
}

static void add_field(struct play *p, const char *line)
{
    if (*line == '{') {
        p->json = true;
        buffer_text(p->form, line);
        return;
    }
    bool raw = *line == '%';
    line += strspn(line, "% ");
    size_t length = strcspn(line, "=");
    p->own_token |= length == 4 && strncmp(line, "csrf", 4) == 0;
    if (p->form->len)
        buffer_char(p->form, '&');
    buffer_add(p->form, line, length);
    buffer_char(p->form, '=');
    if (raw)
        buffer_text(p->form, line + length + (line[length] == '='));
    else
        add_encoded(p->form, line + length + (line[length] == '='));
}

static const char *cookies_of(struct play *p)
{
    const char *header = "";
    for (size_t i = 0; i < p->browser->cookies.count; i++) {
        const struct param *c = &p->browser->cookies.at[i];
        if (*c->value)
            header =
                arena_print(p->arena, "%s%s%s=%s", header, *header ? "; " : "Cookie: ", c->name, c->value);
    }
    return *header ? arena_print(p->arena, "%s\r\n", header) : "";
}

static void keep_cookie(struct play *p, const char *line)
{
    struct browser *b = p->browser;
    size_t name = strcspn(line, "="), value = strcspn(line + name + 1, ";\r");
    struct param kept = {arena_text(p->arena, line, name), arena_text(p->arena, line + name + 1, value)};
    for (size_t i = 0; i < b->cookies.count; i++)
        if (strcmp(b->cookies.at[i].name, kept.name) == 0) {
            b->cookies.at[i] = kept;
            return;
        }
    *PUSH(p->arena, b->cookies.at, b->cookies.count, b->capacity) = kept;
}

static void keep_token(struct play *p)
{
    static const char before[] = "name=\"csrf\" value=\"";
    const char *at =
        p->reply.body.len ? memmem(p->reply.body.ptr, p->reply.body.len, before, strlen(before)) : NULL;
    if (at)
        p->browser->token = arena_text(p->arena, at + strlen(before), strcspn(at + strlen(before), "\""));
}

static void send_request(struct play *p)
{
    bool posts = strcmp(p->method, "POST") == 0;
    if (posts && !p->json && !p->own_token && p->browser->token)
        add_field(p, arena_print(p->arena, "csrf=%s", p->browser->token));
    const char *body = buffer_string(p->form);
    const char *type = p->json ? "Content-Type: application/json\r\n"
                       : posts ? "Content-Type: application/x-www-form-urlencoded\r\n"
                               : "";
    const char *head =
        arena_print(p->arena, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s%s%sContent-Length: %zu\r\n\r\n",
                    p->method, p->target, cookies_of(p), type, p->headers, strlen(body));
    int s = client_connect(p->port);
    client_send(s, head, strlen(head));
    client_send(s, body, strlen(body));
    p->reply = client_read(p->arena, s, strcmp(p->method, "HEAD") == 0);
    (void)close(s);
    for (const char *line = strstr(p->reply.headers, "\r\n"); line; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, "Set-Cookie: ", 12) == 0)
            keep_cookie(p, line + 14);
    keep_token(p);
    p->asked = true;
}

/* --- expecting ------------------------------------------------------------------------------------- */

static const char *status_or_header(struct play *p, const char *line)
{
    if (!p->asked)
        send_request(p);
    if (isdigit((unsigned char)*line))
        return p->reply.status == atoi(line)
                   ? NULL
                   : arena_print(p->arena, "status %d: %.*s", p->reply.status,
                                 (int)(p->reply.body.len < 300 ? p->reply.body.len : 300), p->reply.body.ptr);
    bool absent = *line == '!';
    size_t length = strcspn(line + absent, ":");
    const char *value = reply_header(p->arena, &p->reply, arena_text(p->arena, line + absent, length));
    if (absent)
        return value ? arena_print(p->arena, "it is %s", value) : NULL;
    const char *wanted = line + length + (line[length] == ':');
    wanted += strspn(wanted, " ");
    return value && strncmp(value, wanted, strlen(wanted)) == 0
               ? NULL
               : arena_print(p->arena, "it is %s", value ? value : "absent");
}

static size_t times_in(struct slice body, const char *words)
{
    size_t count = 0, length = strlen(words);
    for (const char *at = body.ptr, *end = body.ptr + body.len;
         length && (at = memmem(at, (size_t)(end - at), words, length)) != NULL; at += length)
        count++;
    return count;
}

static const char *count_words(struct play *p, const char *line)
{
    char *words = NULL;
    size_t wanted = strtoul(line, &words, 10), found = times_in(p->reply.body, words + strspn(words, " "));
    return found == wanted ? NULL : arena_print(p->arena, "it is there %zu times", found);
}

/* Letters, digits, - and _ that follow the words, in headers or body; NULL: the words are not there. */
static const char *what_follows(struct play *p, const char *words)
{
    struct slice places[] = {slice_of(p->reply.headers), p->reply.body};
    for (size_t i = 0; i < COUNT(places); i++) {
        const char *at = places[i].len ? memmem(places[i].ptr, places[i].len, words, strlen(words)) : NULL;
        size_t length = 0;
        for (at = at ? at + strlen(words) : NULL;
             at && (isalnum((unsigned char)at[length]) || strchr("-_", at[length]));)
            length++;
        if (length)
            return arena_text(p->arena, at, length);
    }
    return NULL;
}

static const char *keep_words(struct play *p, const char *line, bool other)
{
    size_t length = strcspn(line, " ");
    const char *name = arena_text(p->arena, line, length);
    const char *found = what_follows(p, line + length + (line[length] == ' '));
    if (!found)
        return "nothing follows these words";
    if (other)
        return strcmp(found, filled(p, arena_print(p->arena, "${%s}", name))) == 0 ? "it is the same" : NULL;
    set_name(p, name, found);
    return NULL;
}

static void change_browser(struct play *p, const char *name)
{
    for (size_t i = 0; i < p->browser_count; i++)
        if (strcmp(p->browsers[i].name, name) == 0) {
            p->browser = &p->browsers[i];
            return;
        }
    p->browser = &p->browsers[p->browser_count++ % MOST_BROWSERS];
    *p->browser = (struct browser){.name = name};
}

/* What is wrong at this line, or NULL. */
static const char *play_line(struct play *p, const char *line)
{
    const char *rest = line + 1 + (line[0] != '|' && line[1] == ' ');
    switch (line[0]) {
    case '@':
        change_browser(p, rest);
        return NULL;
    case '>':
        if (strchr(rest, ' ') && rest[strcspn(rest, " :")] == ':')
            p->headers = arena_print(p->arena, "%s%s\r\n", p->headers, rest);
        else
            start_request(p, rest);
        return NULL;
    case '|':
        add_field(p, rest);
        return NULL;
    case '<':
        return status_or_header(p, rest);
    case '+':
        return reply_has(&p->reply, rest) ? NULL : "these words are not there";
    case '-':
        return reply_has(&p->reply, rest) ? "these words are there" : NULL;
    case '*':
        return count_words(p, rest);
    case '=':
    case '!':
        return keep_words(p, rest, line[0] == '!');
    case '~':
        clock_hold(now_us() + strtoll(rest, NULL, 10) * SECOND_US);
        return NULL;
    case '#':
    case '\0':
        return NULL;
    default:
        return "this line begins with nothing that is known";
    }
}

/* The first line that goes wrong ends a file: what follows builds on it. */
static bool play_file(struct play *p, const char *path, int number)
{
    char line[LONGEST];
    int at = 0;
    const char *wrong = NULL, *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    FILE *file = fopen(path, "r");
    if (!file)
        abort();
    p->browser_count = 0;
    change_browser(p, "first");
    while (!wrong && fgets(line, sizeof line, file)) {
        at++;
        line[strcspn(line, "\n")] = '\0';
        wrong = play_line(p, filled(p, line));
    }
    (void)fclose(file);
    (void)printf("%s %d - %s\n", wrong ? "not ok" : "ok", number, name);
    if (wrong)
        (void)printf("# %s:%d: %s\n# %s %s: %s\n", name, at, line, p->method, p->target, wrong);
    (void)fflush(stdout);
    return !wrong;
}

/* --- the stage ------------------------------------------------------------------------------------- */

/* A token that reads and writes: ${member_token}; and one that only reads: ${member_reader}. */
static struct fault *give_token(struct play *p, struct house *house, const struct person *person)
{
    char token[API_TOKEN_TEXT + 1];
    const struct space_info *space = house_at(house, 0);
    TRY(api_token_make(house, space, person->id, "scenario", (1 << API_SCOPES) - 1, token));
    set_name(p, arena_print(p->arena, "%s_token", person->role), arena_print(p->arena, "%s", token));
    TRY(api_token_make(house, space, person->id, "scenario", SCOPE_READ, token));
    set_name(p, arena_print(p->arena, "%s_reader", person->role), arena_print(p->arena, "%s", token));
    return NULL;
}

/* People of the demo under the names files use: ${facilitator}, ${member}, ${member_email}, ${firm}; ${rival} acts
 * for another one, ${rival_firm}. */
static struct fault *cast(struct play *p, struct house *house)
{
    ARENA_SCOPE(work); /* what reads a space ends before the space is closed */
    const struct space_info *space = house_at(house, 0);
    struct persona *all = NULL;
    size_t count = 0;
    struct door *d = NULL;
    int speakers = 0;
    TRY(accounts_personas(space, work, &all, &count));
    TRY(door_open_program(space->space, work, &d));
    for (size_t i = 0; i < count; i++) {
        struct person person;
        struct door *own = NULL;
        TRY(door_load(d, person, all[i].person, &person, NULL));
        TRY(door_open(space->space, work, person.id, &own));
        const struct viewer *viewer = door_viewer(own);
        bool speaks = strcmp(person.role, "member") == 0 && viewer->count > 0;
        if (strcmp(person.role, "member") != 0 || (speaks && !speakers)) {
            TRY(give_token(p, house, &person));
            set_name(p, person.role, arena_print(p->arena, "%lld", (long long)person.id));
        }
        if (speaks && speakers == 1) {
            set_name(p, "rival", arena_print(p->arena, "%lld", (long long)person.id));
            set_name(p, "rival_firm", arena_print(p->arena, "%lld", (long long)viewer->organisations[0]));
        }
        if (!speaks || speakers++)
            continue;
        set_name(p, "member_email", arena_print(p->arena, "%s", person.email));
        set_name(p, "firm", arena_print(p->arena, "%lld", (long long)viewer->organisations[0]));
        TRY(accounts_set_password(house, space, person.id, "horloge comtoise bleue"));
    }
    return NULL;
}

static struct fault *perform(struct play *p, const char *folder, const char *database, int count,
                             char **files, int *failed)
{
    struct house *house = NULL;
    struct server *server = NULL;
    TRY(demo_make_in(folder, database));
    TRY(house_open(folder, &house));
    TRY(cast(p, house));
    post_by(house_post(house), &(struct carrier){.carry = keep_letter});
    p->post = house_post(house);
    TRY(server_start(p->arena, house, &(struct server_options){0}, &server));
    p->port = server_port(server);
    for (int i = 0; i < count; i++)
        *failed += !play_file(p, files[i], i + 1);
    TRY(server_stop(server));
    house_close(house);
    return NULL;
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/grappe-scenario-XXXXXX", command[96];
    int failed = 0;
    if (argc < 2)
        return 64;
    if (!mkdtemp(folder))
        abort();
    struct play p = {.arena = arena_new(LIMIT_COMMAND_MEMORY)};
    const char *database = on_postgres() ? fresh_schema(p.arena, "scenario") : NULL;
    log_quieter_than(LOG_ERROR);
    (void)printf("1..%d\n", argc - 1);
    struct fault *f = perform(&p, folder, database, argc - 1, argv + 1, &failed);
    if (f)
        (void)printf("Bail out! %s\n", f->text);
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0)
        (void)fprintf(stderr, "%s is left behind\n", folder);
    arena_free(p.arena);
    return f || failed;
}
