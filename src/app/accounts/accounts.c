/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "accounts/accounts.h"

#include <pthread.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "accounts/internal.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "roster/roster.h"
#include "rows/rows.h"
#include "text/fold.h"

enum { MOST_PER_ACCOUNT = 10 };

/* Argon2id takes 64 MiB and a fifth of a second: as many at once as there are cores, a few waiting. */
static pthread_mutex_t turns = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_free = PTHREAD_COND_INITIALIZER;
static int hashing, queued;

static struct fault *take_turn(void)
{
    enum { MOST_QUEUED = 16 };
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    (void)pthread_mutex_lock(&turns);
    bool full = queued >= MOST_QUEUED;
    if (!full) {
        queued++;
        while (hashing >= (cores > 0 ? cores : 1))
            (void)pthread_cond_wait(&turn_free, &turns);
        queued--;
        hashing++;
    }
    (void)pthread_mutex_unlock(&turns);
    return full ? fault(FAULT_LIMIT, "Too many people are signing in: try again in a minute.") : NULL;
}

static void give_turn(void)
{
    (void)pthread_mutex_lock(&turns);
    hashing--;
    (void)pthread_cond_signal(&turn_free);
    (void)pthread_mutex_unlock(&turns);
}

static struct fault *hash_password(const char *password, char out[crypto_pwhash_STRBYTES])
{
    TRY(take_turn());
    int failed = crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                   crypto_pwhash_MEMLIMIT_INTERACTIVE);
    give_turn();
    return failed ? fault(FAULT_LIMIT, "There is not enough memory for this just now.") : NULL;
}

/* One hash more or less must not tell whether the account exists. */
static struct fault *verify_password(const char *hash, const char *password, bool *good)
{
    static const char nobody[crypto_pwhash_STRBYTES] =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    TRY(take_turn());
    *good = crypto_pwhash_str_verify(hash ? hash : nobody, password, strlen(password)) == 0 && hash;
    give_turn();
    return NULL;
}

/* The commonest in French and English leaks that pass the length rule. */
static bool too_common(const char *password)
{
    static const char *const common[] = {"password",   "password1",  "12345678",   "123456789", "1234567890",
                                         "motdepasse", "azertyuiop", "qwertyuiop", "azerty123", "qwerty123",
                                         "bonjour1",   "doudou123",  "iloveyou",   "11111111",  "00000000",
                                         "soleil123",  "chouchou",   "loulou123",  "welcome1",  "admin123"};
    for (size_t i = 0; i < COUNT(common); i++)
        if (strcmp(password, common[i]) == 0)
            return true;
    return false;
}

struct fault *accounts_set_password(struct house *h, const struct space_info *s, int64_t person,
                                    const char *password)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct person p;
    char hash[crypto_pwhash_STRBYTES];
    size_t length = utf8_length(slice_of(password));
    if (length < LIMIT_PASSWORD_MIN || strlen(password) > LIMIT_PASSWORD_MAX || too_common(password))
        return fault_in("password", fault(FAULT_INVALID,
                                          "A password has %d characters or more, and is not among the "
                                          "commonest; a short sentence is best.",
                                          LIMIT_PASSWORD_MIN));
    TRY(door_open_program(s->space, work, &d));
    TRY(door_load(d, person, person, &p, NULL));
    if (!p.email)
        return fault_in("email", fault(FAULT_INVALID, "This person has no e-mail to sign in with."));
    TRY(hash_password(password, hash));
    TRY(roster_login_set(house_roster(h), s->name, person, fold_text(work, p.email), hash));
    return roster_sessions_end(house_roster(h), s->name, person);
}

void token_hash(const char *token, char out[65])
{
    unsigned char hash[32];
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)token, strlen(token), NULL, 0);
    (void)sodium_bin2hex(out, 65, hash, sizeof hash);
}

static struct fault *open_session(struct house *h, const struct space_info *s, int64_t person,
                                  struct token *token)
{
    unsigned char bits[TOKEN_TEXT / 2];
    char hash[65];
    randombytes_buf(bits, sizeof bits);
    (void)sodium_bin2hex(token->text, sizeof token->text, bits, sizeof bits);
    token_hash(token->text, hash);
    return roster_session_add(house_roster(h), hash, s->name, person);
}

char *network_of(struct arena *a, const char *address)
{
    bool six = strchr(address, ':') != NULL;
    const char *p = address;
    for (int groups = 0; *p && groups < 3; groups++)
        p += strcspn(p, six ? ":" : ".") + (p[strcspn(p, six ? ":" : ".")] != '\0');
    return arena_text(a, address, (size_t)(p - address));
}

static struct fault *check_attempts(struct db *directory, const char *account, const char *network)
{
    int64_t by_account = 0, by_network = 0;
    TRY(roster_attempts(directory, account, WINDOW_S, &by_account));
    TRY(roster_attempts(directory, network, WINDOW_S, &by_network));
    if (by_account >= MOST_PER_ACCOUNT || by_network >= MOST_PER_NETWORK)
        return fault(FAULT_LIMIT, "Too many attempts: try again in a quarter of an hour.");
    return NULL;
}

/* Someone the space still lets in. */
static struct fault *may_enter(const struct space_info *s, int64_t person, bool *may)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    TRY(door_open(s->space, work, person, &d));
    *may = viewer_signed_in(door_viewer(d));
    return NULL;
}

struct fault *accounts_sign_in(struct house *h, const struct space_info *s, const char *email,
                               const char *password, const char *address, struct token *token)
{
    ARENA_SCOPE(work);
    struct db *directory = house_roster(h);
    const char *folded = fold_text(work, email), *hash = NULL;
    const char *account = arena_print(work, "account:%s:%s", s->name, folded);
    const char *network = arena_print(work, "network:%s", network_of(work, address));
    int64_t person = 0;
    bool good = false, may = false;
    if (strlen(password) > LIMIT_PASSWORD_MAX)
        password = "";
    TRY(check_attempts(directory, account, network));
    TRY(roster_login_find(directory, work, s->name, folded, &person, &hash));
    TRY(verify_password(hash, password, &good));
    if (good)
        TRY(may_enter(s, person, &may));
    if (!may) {
        TRY(roster_attempt_failed(directory, account, WINDOW_S));
        TRY(roster_attempt_failed(directory, network, WINDOW_S));
        return fault(FAULT_DENIED, "This e-mail and this password do not go together.");
    }
    TRY(roster_attempts_forget(directory, account));
    return open_session(h, s, person, token);
}

bool address_is_loopback(const char *address)
{
    return address && (strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0 ||
                       strncmp(address, "::ffff:127.", 11) == 0);
}

static bool is_persona(const struct person *p)
{
    static const char domain[] = "@demo.example";
    size_t length = p->email ? strlen(p->email) : 0;
    return length > strlen(domain) && strcmp(p->email + length - strlen(domain), domain) == 0;
}

struct fault *accounts_sign_in_persona(struct house *h, const struct space_info *s, int64_t person,
                                       const char *address, struct token *token)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct person p;
    bool may = false;
    if (!s->demo || !address_is_loopback(address))
        return fault(FAULT_DENIED, "Only a demo on this very machine can be entered without a password.");
    TRY(door_open_program(s->space, work, &d));
    TRY(door_load(d, person, person, &p, NULL));
    TRY(may_enter(s, person, &may));
    if (!may || !is_persona(&p))
        return fault(FAULT_DENIED, "Only a demo on this very machine can be entered without a password.");
    return open_session(h, s, person, token);
}

/* The name of the first organisation the person acts for. */
static struct fault *organisation_of(struct door *d, int64_t person, const char **name)
{
    struct list_filter mine = {"person", arena_print(door_arena(d), "%lld", (long long)person)};
    struct list_request asked = {.type = &mandate_type, .filters = &mine, .filter_count = 1, .per_page = 1};
    struct list_page page;
    const char **names = NULL;
    TRY(door_list(d, &asked, &page));
    *name = NULL;
    if (!page.count)
        return NULL;
    TRY(door_names(d, &organisation_type, &((struct mandate *)page.records)->organisation, 1, &names));
    *name = names[0];
    return NULL;
}

struct fault *accounts_personas(const struct space_info *s, struct arena *a, struct persona **out,
                                size_t *count)
{
    struct door *d = NULL;
    struct list_filter demo = {"email", "@demo.example"};
    struct list_request asked = {
        .type = &person_type, .filters = &demo, .filter_count = 1, .per_page = LIMIT_LIST_ROWS};
    struct list_page page;
    TRY(door_open_program(s->space, a, &d));
    TRY(door_list(d, &asked, &page));
    const struct person *people = page.records;
    struct persona *personas = NEW(a, struct persona, page.count + 1);
    *count = 0;
    for (size_t i = 0; i < page.count; i++)
        if (is_persona(&people[i]) && people[i].active != FLAG_NO) {
            struct persona *p = &personas[(*count)++];
            *p = (struct persona){.person = people[i].id, .name = people[i].name, .title = people[i].title};
            TRY(organisation_of(d, people[i].id, &p->organisation));
        }
    *out = personas;
    return NULL;
}

struct fault *accounts_session(struct house *h, const struct space_info *s, const char *token,
                               struct session *session)
{
    enum { MARK_AFTER_S = 60 };
    struct roster_session found;
    char hash[65];
    *session = (struct session){0};
    if (strlen(token) != TOKEN_TEXT)
        return NULL;
    token_hash(token, hash);
    TRY(roster_session_find(house_roster(h), hash, s->name, &found));
    int64_t now = now_us(), idle = now - found.seen_us;
    if (found.person && now - found.created_us <= LIMIT_SESSION_AGE_S * SECOND_US &&
        idle <= LIMIT_SESSION_IDLE_S * SECOND_US)
        *session = (struct session){found.person, idle > MARK_AFTER_S * SECOND_US};
    return NULL;
}

struct fault *accounts_session_seen(struct house *h, const char *token)
{
    char hash[65];
    token_hash(token, hash);
    return roster_session_seen(house_roster(h), hash, now_us());
}

struct fault *accounts_sign_out(struct house *h, const char *token)
{
    char hash[65];
    token_hash(token, hash);
    return roster_session_end(house_roster(h), hash);
}
