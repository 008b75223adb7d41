/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "register/register.h"

#include <ctype.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "geo/lambert.h"
#include "i18n/i18n.h"
#include "text/fold.h"

enum value {
    SIREN,
    SIRET,
    STATUS,
    STATUS_SITE,
    STATE,
    STATE_SITE,
    CATEGORY,
    SINCE,
    UNTIL,
    CREATED,
    CLOSED,
    NAME,
    USUAL,
    ACRONYM,
    FIRST_NAME,
    FIRST_NAME_1,
    SURNAME_USED,
    SURNAME,
    SIGN,
    USUAL_SITE,
    NAF,
    NAF_VERSION,
    NAF_25,
    NAF_SITE,
    NAF_SITE_VERSION,
    NAF_SITE_25,
    BAND,
    BAND_SITE,
    HEAD_OFFICE,
    ADDRESS,
    EXTRA,
    NUMBER,
    REPEAT,
    WAY,
    STREET,
    BOX,
    POSTCODE,
    COMMUNE,
    COMMUNE_ABROAD,
    COMMUNE_CODE,
    COUNTRY_CODE,
    LON,
    LAT,
    GEO_TYPE,
    LAMBERT_X,
    LAMBERT_Y,
    VALUES,
};

/* Column names as register_column_key() makes them. `marks`: nobody but the register writes it so. */
static const struct {
    const char *name;
    enum value value;
    bool marks;
} columns[] = {
    {"siren", SIREN, false},
    {"siret", SIRET, false},
    {"siegesiret", SIRET, true},
    {"statutdiffusionunitelegale", STATUS, true},
    {"statutdiffusionetablissement", STATUS_SITE, true},
    {"statutdiffusion", STATUS, true},
    {"siegestatutdiffusionetablissement", STATUS_SITE, true},
    {"etatadministratifunitelegale", STATE, true},
    {"etatadministratifetablissement", STATE_SITE, true},
    {"etatadministratif", STATE, true},
    {"siegeetatadministratif", STATE_SITE, true},
    {"etat", STATE_SITE, false},
    {"categoriejuridiqueunitelegale", CATEGORY, true},
    {"naturejuridique", CATEGORY, true},
    {"datedebut", SINCE, true},
    {"datefin", UNTIL, true},
    {"datecreationunitelegale", CREATED, true},
    {"datecreation", CREATED, false},
    {"datefermeture", CLOSED, false},
    {"denominationunitelegale", NAME, true},
    {"nomraisonsociale", NAME, true},
    {"nomcomplet", USUAL, true},
    {"denominationusuelle1unitelegale", USUAL, true},
    {"sigleunitelegale", ACRONYM, true},
    {"sigle", ACRONYM, false},
    {"prenomusuelunitelegale", FIRST_NAME, true},
    {"prenom1unitelegale", FIRST_NAME_1, true},
    {"nomusageunitelegale", SURNAME_USED, true},
    {"nomunitelegale", SURNAME, true},
    {"enseigne1etablissement", SIGN, true},
    {"denominationusuelleetablissement", USUAL_SITE, true},
    {"activiteprincipaleunitelegale", NAF, true},
    {"nomenclatureactiviteprincipaleunitelegale", NAF_VERSION, true},
    {"activiteprincipalenaf25unitelegale", NAF_25, true},
    {"activiteprincipale", NAF, true},
    {"activiteprincipalenaf25", NAF_25, true},
    {"activiteprincipaleetablissement", NAF_SITE, true},
    {"nomenclatureactiviteprincipaleetablissement", NAF_SITE_VERSION, true},
    {"activiteprincipalenaf25etablissement", NAF_SITE_25, true},
    {"codeape", NAF_SITE, false},
    {"trancheeffectifsunitelegale", BAND, true},
    {"trancheeffectifsalarie", BAND, true},
    {"trancheeffectifsetablissement", BAND_SITE, true},
    {"codetranche", BAND_SITE, true},
    {"etablissementsiege", HEAD_OFFICE, true},
    {"siegeadresse", ADDRESS, true},
    {"complementadresseetablissement", EXTRA, true},
    {"numerovoieetablissement", NUMBER, true},
    {"indicerepetitionetablissement", REPEAT, true},
    {"typevoieetablissement", WAY, true},
    {"libellevoieetablissement", STREET, true},
    {"distributionspecialeetablissement", BOX, true},
    {"codepostaletablissement", POSTCODE, true},
    {"siegecodepostal", POSTCODE, true},
    {"libellecommuneetablissement", COMMUNE, true},
    {"siegelibellecommune", COMMUNE, true},
    {"libellecommune", COMMUNE, false},
    {"libellecommuneetrangeretablissement", COMMUNE_ABROAD, true},
    {"codecommuneetablissement", COMMUNE_CODE, true},
    {"siegecommune", COMMUNE_CODE, true},
    {"codecommune", COMMUNE_CODE, false},
    {"codepaysetrangeretablissement", COUNTRY_CODE, true},
    {"longitude", LON, false},
    {"siegelongitude", LON, true},
    {"xlongitude", LON, true},
    {"latitude", LAT, false},
    {"siegelatitude", LAT, true},
    {"ylatitude", LAT, true},
    {"geotype", GEO_TYPE, true},
    {"coordonneelambertabscisseetablissement", LAMBERT_X, true},
    {"coordonneelambertordonneeetablissement", LAMBERT_Y, true},
};

enum { MARKS = 2 }; /* fewer, and it is somebody's own table */

struct register_format {
    int at[VALUES]; /* column of each value, -1: none */
    const char *names[VALUES];
};

struct slice register_column_key(struct arena *a, const char *name)
{
    char *bare = slice_text(a, slice_of(name)); /* "N° SIREN" is "N SIREN", not degrees */
    for (char *degree; (degree = strstr(bare, "\xC2\xB0"));)
        memset(degree, ' ', 2);
    struct slice folded = fold(a, slice_of(bare));
    char *key = NEW(a, char, folded.len + 1);
    size_t length = 0;
    for (size_t i = 0; i < folded.len; i++)
        if (isalnum((unsigned char)folded.ptr[i]))
            key[length++] = folded.ptr[i];
    return (struct slice){key, length};
}

const struct register_format *register_recognise(struct arena *a, const struct table *c)
{
    struct register_format *f = NEW(a, struct register_format, 1);
    int marks = 0;
    for (int v = 0; v < VALUES; v++)
        f->at[v] = -1;
    for (int i = 0; i < table_columns(c); i++) {
        struct slice key = register_column_key(a, table_column(c, i));
        for (size_t k = 0; k < COUNT(columns); k++) {
            enum value v = columns[k].value;
            if (f->at[v] >= 0 || !slice_equal(key, slice_of(columns[k].name)))
                continue;
            f->at[v] = i;
            f->names[v] = table_column(c, i);
            marks += columns[k].marks;
            break;
        }
    }
    return marks >= MARKS && (f->at[SIREN] >= 0 || f->at[SIRET] >= 0) ? f : NULL;
}

bool register_reads(const struct register_format *f, int column)
{
    for (int v = 0; v < VALUES; v++)
        if (f->at[v] == column)
            return true;
    return false;
}

/* --- one row --------------------------------------------------------------------------------------- */

struct reading {
    const struct register_format *format;
    struct arena *arena;
    const struct slice *cells;
};

/* The cell of a value; empty when the file has none, or says [ND]: not disclosed. */
static struct slice cell(const struct reading *r, enum value v)
{
    struct slice s = r->format->at[v] >= 0 ? r->cells[r->format->at[v]] : S("");
    return slice_equal(s, S("[ND]")) ? S("") : s;
}

static bool says(const struct reading *r, enum value v, const char *word)
{
    return slice_equal(cell(r, v), slice_of(word));
}

static const char *text(const struct reading *r, enum value v)
{
    struct slice s = cell(r, v);
    return s.len ? slice_text(r->arena, s) : NULL;
}

static struct fault *wrong(const struct reading *r, enum value v)
{
    return fault_in(r->format->names[v],
                    fault(FAULT_INVALID, "%s: not a value of the register.", r->format->names[v]));
}

static struct fault *read_day(const struct reading *r, enum value v, int64_t *day)
{
    struct slice s = cell(r, v);
    if (!s.len)
        return NULL;
    struct slice date = {s.ptr, s.len > 10 && s.ptr[10] == 'T' ? 10 : s.len};
    return date_parse(date, day) ? NULL : wrong(r, v);
}

static struct fault *read_number(const struct reading *r, enum value v, double *number)
{
    struct slice s = cell(r, v);
    return !s.len || real_parse(s, number) ? NULL : wrong(r, v);
}

/* Open or closed, and since when. Old closures have no date: the register's own stand-in for an unknown one
 * is the first day of 1900. */
static struct fault *read_state(const struct reading *r, enum value state, const char *closed_code,
                                int64_t *closed)
{
    struct slice s = cell(r, state);
    if (!s.len || slice_equal(s, S("A")))
        return NULL;
    if (!slice_equal(s, slice_of(closed_code)))
        return wrong(r, state);
    *closed = day_of(1900, 1, 1);
    return read_day(r, cell(r, CLOSED).len ? CLOSED : SINCE, closed);
}

/* O is open to all; every other code, known or to come, is not. */
static bool masked(const struct reading *r)
{
    static const enum value both[] = {STATUS, STATUS_SITE};
    for (size_t i = 0; i < COUNT(both); i++)
        if (cell(r, both[i]).len && !says(r, both[i], "O"))
            return true;
    return false;
}

const char *register_size_class(struct slice code)
{
    static const struct {
        const char *codes, *size_class;
    } bands[] = {
        {"00 01 02 03", "micro"}, {"11 12", "small"}, {"21 22 31", "medium"}, {"32 41 42 51 52 53", "large"}};
    for (size_t i = 0; code.len == 2 && i < COUNT(bands); i++)
        for (const char *p = bands[i].codes; *p; p += p[2] ? 3 : 2)
            if (memcmp(p, code.ptr, 2) == 0)
                return bands[i].size_class;
    return NULL;
}

/* Of the firm; an establishment's band is only a lower bound, which decides for the largest class alone. */
static const char *size_class(const struct reading *r)
{
    const char *own = register_size_class(cell(r, BAND)), *site = register_size_class(cell(r, BAND_SITE));
    return own ? own : site && strcmp(site, "large") == 0 ? site : NULL;
}

/* The activity of the first that has one in NAF rev. 2, else in NAF 2025. */
static const char *naf(const struct reading *r)
{
    static const enum value of[][3] = {{NAF, NAF_VERSION, NAF_25}, {NAF_SITE, NAF_SITE_VERSION, NAF_SITE_25}};
    for (size_t i = 0; i < COUNT(of); i++) {
        bool rev_2 = r->format->at[of[i][1]] < 0 || says(r, of[i][1], "NAFRev2");
        if (rev_2 && cell(r, of[i][0]).len == 6)
            return text(r, of[i][0]);
    }
    for (size_t i = 0; i < COUNT(of); i++)
        if (cell(r, of[i][2]).len)
            return text(r, of[i][2]);
    return NULL;
}

/* By the first digits of the legal category (nomenclature of INSEE, level I and II). */
static const char *kind(struct slice category)
{
    static const struct {
        const char *start, *kind;
    } kinds[] = {{"1", "company"},     {"3", "company"},     {"5", "company"},      {"6", "company"},
                 {"4", "institution"}, {"7", "institution"}, {"92", "association"}, {"93", "association"}};
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (category.len == 4 && slice_starts(category, slice_of(kinds[i].start)))
            return kinds[i].kind;
    return NULL;
}

static const char *joined(struct arena *a, const char *first, const char *second)
{
    return !first ? second : !second ? first : arena_print(a, "%s %s", first, second);
}

static const char *first_of(const struct reading *r, const enum value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (cell(r, values[i]).len)
            return text(r, values[i]);
    return NULL;
}

static void read_names(const struct reading *r, struct register_row *out)
{
    static const enum value bodies[] = {NAME, USUAL}, given[] = {FIRST_NAME, FIRST_NAME_1},
                            family[] = {SURNAME_USED, SURNAME}, signs[] = {SIGN, USUAL_SITE};
    out->short_name = text(r, ACRONYM);
    out->name = first_of(r, bodies, COUNT(bodies));
    const char *surname = first_of(r, family, COUNT(family));
    if (!out->name && surname)
        out->name = joined(r->arena, first_of(r, given, COUNT(given)), surname);
    const char *sign = first_of(r, signs, COUNT(signs));
    if (!out->name)
        out->name = sign;
    else if (!out->short_name)
        out->short_name = sign;
}

static const char *address(const struct reading *r)
{
    static const struct {
        const char *code, *word;
    } ways[] = {{"ALL", "allée"},   {"AV", "avenue"},  {"BD", "boulevard"},   {"CHE", "chemin"},
                {"CRS", "cours"},   {"HAM", "hameau"}, {"IMP", "impasse"},    {"LD", "lieu-dit"},
                {"PAS", "passage"}, {"PL", "place"},   {"RPT", "rond-point"}, {"RTE", "route"},
                {"RUE", "rue"},     {"SQ", "square"},  {"ZA", "ZA"},          {"ZI", "ZI"}};
    const char *way = text(r, WAY), *line = joined(r->arena, text(r, NUMBER), text(r, REPEAT));
    for (size_t i = 0; way && i < COUNT(ways); i++)
        if (strcmp(way, ways[i].code) == 0)
            way = ways[i].word;
    line = joined(r->arena, joined(r->arena, line, way), text(r, STREET));
    const char *extra = joined(r->arena, text(r, EXTRA), text(r, BOX));
    if (!line || !extra)
        line = line ? line : extra;
    else
        line = arena_print(r->arena, "%s, %s", line, extra);
    return line ? line : text(r, ADDRESS);
}

/* INSEE's code of a country, of those where firms of the trade are; "" is France. */
static const char *country(const struct reading *r)
{
    static const struct {
        const char *code, *iso;
    } countries[] = {{"99140", "CH"}, {"99109", "DE"}, {"99127", "IT"}, {"99131", "BE"}, {"99137", "LU"},
                     {"99110", "AT"}, {"99134", "ES"}, {"99139", "PT"}, {"99135", "NL"}, {"99132", "GB"},
                     {"99404", "US"}, {"99216", "CN"}, {"99217", "JP"}, {"99230", "HK"}, {"99113", "LI"}};
    if (!cell(r, COUNTRY_CODE).len)
        return cell(r, COMMUNE_CODE).len || cell(r, COMMUNE).len ? "FR" : NULL;
    for (size_t i = 0; i < COUNT(countries); i++)
        if (says(r, COUNTRY_CODE, countries[i].code))
            return countries[i].iso;
    return NULL;
}

/* Overseas departments are projected otherwise: their metres are left alone. */
static bool metropolitan(struct slice commune_code)
{
    return !slice_starts(commune_code, S("97")) && !slice_starts(commune_code, S("98"));
}

static struct fault *read_point(const struct reading *r, struct register_row *out)
{
    double x = UNKNOWN_REAL, y = UNKNOWN_REAL;
    TRY(read_number(r, LAT, &out->point.lat));
    TRY(read_number(r, LON, &out->point.lon));
    TRY(read_number(r, LAMBERT_X, &x));
    TRY(read_number(r, LAMBERT_Y, &y));
    bool degrees = known_real(out->point.lat) && known_real(out->point.lon);
    if (degrees && !(fabs(out->point.lat) <= 90 && fabs(out->point.lon) <= 180))
        return wrong(r, fabs(out->point.lat) <= 90 ? LON : LAT);
    if (!degrees && metropolitan(cell(r, COMMUNE_CODE)) && lambert_93_holds(x, y))
        out->point = lambert_degrees(&lambert_93, x, y);
    out->approximate = degrees && says(r, GEO_TYPE, "municipality");
    return NULL;
}

static void mask(const struct reading *r, struct register_row *out)
{
    struct slice category = cell(r, CATEGORY);
    bool company = category.len ? !slice_equal(category, S("1000")) : cell(r, NAME).len > 0;
    out->address = out->postcode = NULL;
    out->point = (struct geo_point){UNKNOWN_REAL, UNKNOWN_REAL};
    out->approximate = false;
    if (!company)
        out->name = out->short_name = NULL;
}

static void read_texts(const struct reading *r, struct register_row *out)
{
    out->siren = text(r, SIREN);
    out->siret = text(r, SIRET);
    if (!out->siren && out->siret && strlen(out->siret) == 14)
        out->siren = arena_text(r->arena, out->siret, 9);
    read_names(r, out);
    out->kind = kind(cell(r, CATEGORY));
    out->size_class = size_class(r);
    out->naf = naf(r);
    out->address = address(r);
    out->postcode = text(r, POSTCODE);
    out->commune = cell(r, COMMUNE).len ? text(r, COMMUNE) : text(r, COMMUNE_ABROAD);
    out->commune_code = text(r, COMMUNE_CODE);
    out->country = country(r);
    out->head_office = says(r, HEAD_OFFICE, "true")    ? FLAG_YES
                       : says(r, HEAD_OFFICE, "false") ? FLAG_NO
                                                       : FLAG_UNKNOWN;
}

struct fault *register_read(const struct register_format *f, struct arena *a, const struct slice *cells,
                            struct register_row *out)
{
    const struct reading r = {f, a, cells};
    *out = (struct register_row){.created = UNKNOWN_INTEGER,
                                 .firm_closed = UNKNOWN_INTEGER,
                                 .site_closed = UNKNOWN_INTEGER,
                                 .point = {UNKNOWN_REAL, UNKNOWN_REAL}};
    out->past = cell(&r, UNTIL).len > 0;
    if (out->past)
        return NULL;
    out->masked = masked(&r);
    read_texts(&r, out);
    TRY(read_point(&r, out));
    TRY(read_day(&r, CREATED, &out->created));
    TRY(read_state(&r, STATE, "C", &out->firm_closed));
    TRY(read_state(&r, STATE_SITE, "F", &out->site_closed));
    if (out->masked)
        mask(&r, out);
    return NULL;
}

/* --- names that stand in --------------------------------------------------------------------------- */

char *register_name(struct arena *a, const char *siren, bool masked)
{
    const char *s = siren && strlen(siren) >= 9 ? siren : "?????????";
    return masked ? arena_print(a, tr("Undisclosed company, SIREN %.3s %.3s %.3s"), s, s + 3, s + 6)
                  : arena_print(a, tr("Company with SIREN %.3s %.3s %.3s"), s, s + 3, s + 6);
}

bool register_is_stand_in(struct arena *a, const char *name, const char *siren)
{
    enum language spoken = language();
    bool found = false;
    for (int l = LANGUAGE_FR; siren && name && l <= LANGUAGE_EN && !found; l++) {
        language_set((enum language)l);
        found = strcmp(name, register_name(a, siren, false)) == 0 ||
                strcmp(name, register_name(a, siren, true)) == 0;
    }
    language_set(spoken);
    return found;
}
