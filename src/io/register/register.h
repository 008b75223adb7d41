/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* register.h - rows of the French national register (SIRENE) as it is published, read into what we keep.
 *
 * StockEtablissement and StockUniteLegale, their history, the geolocated variants, exports that join both,
 * and exports in the style of recherche-entreprises are recognised by their column names alone.
 *
 * Nothing false: `[ND]` is unknown; the size of an establishment says the firm's only when it is large
 * already; an activity is kept in NAF rev. 2 (NAF 2025 only when there is no other), never in older
 * nomenclatures.
 *
 * Diffusion status P (and the older N, and any other than O) masks: of a company, address, postcode and
 * position (the commune is published); of a sole trader (legal category 1000), names too. A row that says
 * neither is taken for a sole trader's. A masked firm is never dropped. */
#ifndef GRAPPE_REGISTER_H
#define GRAPPE_REGISTER_H

#include "geo/distance.h"
#include "record/record.h"
#include "table/table.h"

struct register_format;

/* NULL when the header is not the register's. Cost O(columns). */
const struct register_format *register_recognise(struct arena *, const struct table *);
/* Is this column of the file read by the format? Others are free for a mapping. */
bool register_reads(const struct register_format *, int column);

struct register_row {
    bool past;   /* a period of the history that has ended: says nothing about today */
    bool masked; /* status P or N */
    const char *siren, *siret;
    const char *name, *short_name; /* NULL: unknown or masked; see register_name() */
    const char *kind, *size_class; /* codes of choices.h */
    const char *naf;
    const char *address, *postcode, *commune, *commune_code, *country;
    struct geo_point point; /* NaN: unknown or masked */
    bool approximate;
    int64_t created, firm_closed, site_closed; /* days; firm_closed: the legal unit's own */
    enum flag head_office;
};

/* INVALID with the column named: a date, position or state that is none. Texts are in the arena. */
struct fault *register_read(const struct register_format *, struct arena *, const struct slice *cells,
                            struct register_row *) MUST_CHECK;

/* What stands for a firm whose name is not known or not to be shown: "Entreprise SIREN 552 100 554". */
char *register_name(struct arena *, const char *siren, bool masked);
/* Is a name one of those, in either language? Then a real one may take its place. */
bool register_is_stand_in(struct arena *, const char *name, const char *siren);

/* A band of employees ("12", "NN") as a size class; NULL when it does not say. */
const char *register_size_class(struct slice code);
/* Lower-case letters and digits only: "siege.code_postal" and "siègeCodePostal" are one. */
struct slice register_column_key(struct arena *, const char *name);

#endif
