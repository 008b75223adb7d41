/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The OpenAPI document has every route of the API and no other; and what a page does, the API does too. */
#include <jansson.h>
#include <string.h>

#include "api/operation.h"
#include "folder.h"
#include "log/log.h"
#include "pages/server.h"
#include "test.h"
#include "web/client.h"

/* The operation that does what a page does; or why there is none. */
static const struct twin {
    const char *page, *operation, *why_none;
} twins[] = {
    {"GET /", NULL, "leads on to another page"},
    {"GET /accord-de-confidentialite", "list", NULL},
    {"GET /accord-de-confidentialite/{id}", "read", NULL},
    {"GET /activite", "list_activity", NULL},
    {"GET /adherents", "count_members", NULL},
    {"GET /annuaire", "search_directory", NULL},
    {"GET /assets/{file}", NULL, "what pages are drawn with"},
    {"GET /aujourdhui", "list_waiting", NULL},
    {"GET /besoins", "list", NULL},
    {"GET /besoins/nouveau", NULL, "a form"},
    {"GET /besoins/{id}", "match_need", NULL},
    {"GET /besoins/{id}/proposer", "preview_card", NULL},
    {"GET /compte", "list_sessions", NULL},
    {"GET /compte/deux-etapes", NULL, "how a person signs in is changed in person"},
    {"GET /compte/jetons", "list_tokens", NULL},
    {"GET /connexion", NULL, "a program brings a token"},
    {"GET /connexion/code", NULL, "a program brings a token"},
    {"GET /connexion/lien", NULL, "a program brings a token"},
    {"GET /connexion/preuve", NULL, "a program brings a token"},
    {"GET /demandes/{id}", "show_card", NULL},
    {"GET /documents/nouveau", NULL, "a form"},
    {"GET /documents/{id}/version", NULL, "a form"},
    {"GET /donnees", "dictionary", NULL},
    {"GET /fiches", "dictionary", NULL},
    {"GET /fiches/{type}", "list", NULL},
    {"GET /fiches/{type}/nouvelle", NULL, "a form"},
    {"GET /fiches/{type}/{id}", "history", NULL},
    {"GET /fiches/{type}/{id}/consultations", "readings", NULL},
    {"GET /fiches/{type}/{id}/modifier", NULL, "a form"},
    {"GET /grappes", "list", NULL},
    {"GET /imports", "list", NULL},
    {"GET /imports/modele", "import_fields", NULL},
    {"GET /imports/nouveau", NULL, "a form"},
    {"GET /imports/{token}", "show_import", NULL},
    {"GET /courrier", "list_letters_in_trouble", NULL},
    {"GET /desabonnement/{key}", NULL, "opened from a letter"},
    {"GET /imports/{token}/apercu", "preview_import", NULL},
    {"GET /invitation/{token}", NULL, "opened from a letter"},
    {"GET /invitations", "list_invitations", NULL},
    {"GET /lien/{token}", NULL, "opened from a letter"},
    {"GET /mandats/{id}/succession", NULL, "a form"},
    {"GET /mises-en-relation", "introduction_funnel", NULL},
    {"GET /mises-en-relation/{id}", "show_introduction", NULL},
    {"GET /nomenclature", "count_terms", NULL},
    {"GET /nomenclature/{id}", "read", NULL},
    {"GET /reponse/{token}", NULL, "opened from a letter"},
    {"GET /rappels", "list_reminders", NULL},
    {"GET /structures/{id}", "read", NULL},
    {"GET /notes-et-documents", "list", NULL},
    {"GET /suivis", "list", NULL},
    {"GET /versions/{id}", "version_content", NULL},
    {"GET /suggestions", "suggest", NULL},
    {"GET /travaux", "list_jobs", NULL},
    {"GET /travaux/{id}", "show_job", NULL},
    {"GET /travaux/{id}/fichier", "job_file", NULL},
    {"POST /accord-de-confidentialite", "publish_agreement", NULL},
    {"POST /activite/changement/{mark}/annuler", "undo_activity", NULL},
    {"POST /activite/ensemble/{mark}/annuler", "undo_activity", NULL},
    {"POST /besoins/nouveau", "keep_need", NULL},
    {"POST /besoins/{id}/faits", "correct_need", NULL},
    {"POST /besoins/{id}/ouvrir", "change", NULL},
    {"POST /besoins/{id}/proposer", "propose_introduction", NULL},
    {"POST /compte/deux-etapes", NULL, "how a person signs in is changed in person"},
    {"POST /compte/deux-etapes/arreter", NULL, "how a person signs in is changed in person"},
    {"POST /compte/deux-etapes/commencer", NULL, "how a person signs in is changed in person"},
    {"POST /compte/deux-etapes/regle", NULL, "how a person signs in is changed in person"},
    {"POST /compte/jetons", NULL, "a token that makes tokens could not be revoked"},
    {"POST /compte/jetons/{id}/revoquer", "revoke_token", NULL},
    {"POST /compte/langue", "change_settings", NULL},
    {"POST /compte/nouvelles", "change_settings", NULL},
    {"POST /courrier/adresses", "forgive_address", NULL},
    {"POST /desabonnement/{key}", "change_settings", NULL},
    {"POST /compte/mot-de-passe", NULL, "how a person signs in is changed in person"},
    {"POST /compte/sessions/terminer", "end_sessions", NULL},
    {"POST /compte/sessions/{id}/terminer", "end_session", NULL},
    {"POST /connexion", NULL, "a program brings a token"},
    {"POST /connexion/code", NULL, "a program brings a token"},
    {"POST /connexion/lien", NULL, "a program brings a token"},
    {"POST /connexion/persona", NULL, "a program brings a token"},
    {"POST /connexion/preuve", NULL, "a program brings a token"},
    {"POST /deconnexion", NULL, "a program brings a token"},
    {"POST /demandes/{id}/reponse", "answer_card", NULL},
    {"POST /documents/nouveau", "give_version", NULL},
    {"POST /documents/{id}/version", "give_version", NULL},
    {"POST /fiches/{type}/nouvelle", "add", NULL},
    {"POST /fiches/{type}/{id}/modifier", "change", NULL},
    {"POST /fiches/{type}/{id}/decrocher", "change", NULL},
    {"POST /fiches/{type}/{id}/remettre", "change", NULL},
    {"POST /fiches/{type}/{id}/retablir", "restore", NULL},
    {"POST /fiches/{type}/{id}/retirer", "remove", NULL},
    {"POST /imports", "send_import", NULL},
    {"POST /imports/{id}/annuler", "undo_import", NULL},
    {"POST /imports/{token}/apercu", "map_import", NULL},
    {"POST /imports/{token}/feuille", "map_import", NULL},
    {"POST /imports/{token}/importer", "run_import", NULL},
    {"POST /invitation/{token}", NULL, "opened from a letter"},
    {"POST /invitations", "prepare_invitation", NULL},
    {"POST /invitations/{id}/renvoyer", NULL, "a letter that opens an account is sent by a person"},
    {"POST /invitations/{id}/retirer", "withdraw_invitation", NULL},
    {"POST /lien/{token}", NULL, "opened from a letter"},
    {"POST /mises-en-relation/{id}/appel", "note_call", NULL},
    {"POST /reponse/{token}", NULL, "opened from a letter"},
    {"POST /mandats/{id}/succession", "hand_over_mandate", NULL},
    {"POST /mises-en-relation/{id}/acte", "act_on_introduction", NULL},
    {"POST /nomenclature/{id}/reprendre", "change", NULL},
    {"POST /nomenclature/{id}/retirer", "change", NULL},
    {"POST /rappels", "set_reminders", NULL},
    {"POST /travaux", "ask_file", NULL},
    {"POST /travaux/{id}/annuler", "cancel_job", NULL},
    {"POST /preferences", NULL, "a program says its language with each request, and has no theme"},
};

struct scene {
    char folder[64];
    struct arena *arena;
    struct house *house;
    struct server *server;
    const struct route *const *routes;
    size_t count;
    json_t *document;
};

static int set_up(void **state)
{
    static struct scene s = {.folder = "/tmp/grappe-openapi-XXXXXX"};
    const struct space_info *space = NULL;
    log_quieter_than(LOG_ERROR);
    assert_non_null(mkdtemp(s.folder));
    s.arena = arena_new(LIMIT_COMMAND_MEMORY);
    assert_ok(house_create(s.folder, &s.house));
    assert_ok(house_add(s.house, "here", "Here", false, &space));
    assert_ok(server_start(s.arena, s.house, &(struct server_options){0}, &s.server));
    s.routes = router_routes(server_router(s.server), &s.count);
    struct reply r = client_get(s.arena, server_port(s.server), "/api/v1/openapi.json", "Host: here\r\n");
    assert_int_equal(r.status, 200);
    s.document = json_loadb(r.body.ptr, r.body.len, 0, NULL);
    assert_non_null(s.document);
    *state = &s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    json_decref(s->document);
    assert_ok(server_stop(s->server));
    house_close(s->house);
    arena_free(s->arena);
    folder_remove(s->folder);
    return 0;
}

/* What the document says of a method at an address; NULL: nothing. */
static const json_t *said(const struct scene *s, const char *method, const char *path)
{
    char lower[8] = "";
    for (size_t i = 0; method[i] && i + 1 < sizeof lower; i++)
        lower[i] = (char)(method[i] | 0x20);
    return json_object_get(json_object_get(json_object_get(s->document, "paths"), path), lower);
}

static const char *with_type(struct arena *a, const char *path, const char *type)
{
    const char *open = strstr(path, "{type}");
    return arena_print(a, "%.*s%s%s", (int)(open - path), path, type, open + strlen("{type}"));
}

static size_t count_said(const struct scene *s)
{
    const char *path, *method;
    json_t *methods, *operation;
    size_t count = 0;
    json_object_foreach(json_object_get(s->document, "paths"), path, methods)
        json_object_foreach(methods, method, operation) count++;
    return count;
}

static void every_route_of_the_api_is_in_the_document_and_no_other(void **state)
{
    struct scene *s = *state;
    size_t expected = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct route *r = s->routes[i];
        if (!path_is_api(r->path))
            continue;
        bool typed = strstr(r->path, "{type}") != NULL;
        if (!r->api)
            fail_msg("%s %s does not say what it takes and answers (.api)", r->method, r->path);
        for (int n = 0; n < (typed ? record_type_count : 1); n++, expected++) {
            const char *path = typed ? with_type(s->arena, r->path, all_record_types[n]->name) : r->path;
            if (!said(s, r->method, path))
                fail_msg("%s %s is not in the document", r->method, path);
        }
    }
    assert_int_equal(count_said(s), expected);
    assert_true(expected > 50);
}

static bool operation_there(const struct scene *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->routes[i]->api && strcmp(s->routes[i]->api->name, name) == 0)
            return true;
    return false;
}

static const struct twin *twin_of(struct scene *s, const struct route *r)
{
    const char *page = arena_print(s->arena, "%s %s", r->method, r->path);
    for (size_t i = 0; i < COUNT(twins); i++)
        if (strcmp(twins[i].page, page) == 0)
            return &twins[i];
    return NULL;
}

static void what_a_page_does_the_api_does_too(void **state)
{
    struct scene *s = *state;
    size_t pages = 0;
    for (size_t i = 0; i < s->count; i++) {
        const struct route *r = s->routes[i];
        if (path_is_api(r->path))
            continue;
        const struct twin *twin = twin_of(s, r);
        if (!twin)
            fail_msg("%s %s: say in `twins` which operation of the API does the same, or why none does",
                     r->method, r->path);
        if (twin->operation ? !operation_there(s, twin->operation) : !twin->why_none)
            fail_msg("%s: there is no operation %s", twin->page, twin->operation);
        pages++;
    }
    assert_int_equal(pages, COUNT(twins)); /* none is left of a page that went */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_of_the_api_is_in_the_document_and_no_other),
        cmocka_unit_test(what_a_page_does_the_api_does_too),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
