/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* places.h - communes, neighbouring Swiss and foreign towns, EPCI: built in, read only, nothing to load.
 *
 * About 37,000 places as sorted arrays in the program itself (data/PLACES-SOURCE.md says from where). French
 * places carry their INSEE code; foreign ones their country and a GeoNames number ("CH2659960"). Texts live
 * as long as the program. Lookups are binary searches over folded names: "St-Vit", "SAINT VIT" and
 * "saint-vit" are one, a leading article may be missing, a trailing CEDEX is ignored. */
#ifndef GRAPPE_PLACES_H
#define GRAPPE_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/distance.h"
#include "text/slice.h"

struct arena;

struct place {
    const char *code, *name;
    const char *department; /* "25", "CH-NE", "" when unknown */
    const char *epci;       /* its code, "" when none */
    const char *postcodes;  /* "25000" or "75001|75002", "" when unknown */
    char country[3];        /* "FR", "CH" … */
    struct geo_point point; /* UNKNOWN_REAL when unknown */
    int64_t population;     /* UNKNOWN_INTEGER when unknown */
    bool approximate;       /* the point is a mean of its neighbours', some 6 km off */
};

struct epci {
    const char *code, *name;
    int communes; /* how many */
};

/* What is known beside the name; NULL or "" says nothing. */
struct place_where {
    const char *department; /* "25" or "CH-NE" */
    const char *postcode;   /* a CEDEX code that is nobody's counts as its department */
    const char *country;    /* "FR" */
};

/* The place of that code; a former commune's code gives the commune of today. False when there is none. */
bool place_by_code(const char *code, struct place *out);

/* Everything of that name in `where`: official names first, then shortened, then former ones (they give the
 * commune of today); the most populated first among equals. No place twice. Returns the count. */
size_t places_named(struct arena *, struct slice name, struct place_where where, struct place **found);

/* At most `most` places whose name begins so, for suggestions: exact names first, France and Switzerland
 * before the others, then by population. */
size_t places_starting(struct arena *, struct slice prefix, size_t most, struct place **found);

/* Communes with that postcode, the most populated first. */
size_t places_at_postcode(struct arena *, const char *postcode, struct place **found);

/* The most populated places of a box of degrees, at most `most`; those with an approximate point are left
 * out: the towns to name on a map. Cost O(places). */
size_t places_inside(struct arena *, struct geo_point south_west, struct geo_point north_east, size_t most,
                     struct place **found);

/* The folded form under which a name is looked up. */
struct slice places_fold(struct arena *, struct slice name);

/* All places, by number: for (size_t i = 0; i < places_count(); i++) … place_at(i). */
size_t places_count(void);
struct place place_at(size_t number);

bool epci_by_code(const char *code, struct epci *out);
/* By name, with or without its kind: "CC du Val de Morteau", "val de morteau". */
size_t epci_named(struct arena *, struct slice name, struct epci **found);
size_t epci_communes(struct arena *, const char *code, struct place **found); /* the most populated first */
size_t epci_count(void);
struct epci epci_at(size_t number);

const char *department_name(const char *code);   /* NULL when unknown; Swiss cantons too */
const char *department_region(const char *code); /* name of its region, NULL when unknown */

#endif
