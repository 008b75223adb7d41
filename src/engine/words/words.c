/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "words/words.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "text/fold.h"
#include "text/stem.h"

/* Folded, sorted bytewise. Words that turn a sentence round (pas, sans, non, without) are not here. */
static const char *const stop_words[] = {
    "a",         "afin",      "ai",          "ainsi",    "alors",   "am",       "an",       "and",
    "any",       "apres",     "are",         "as",       "at",      "au",       "aucun",    "aupres",
    "aussi",     "autre",     "autres",      "aux",      "avec",    "avez",     "avoir",    "avons",
    "be",        "been",      "besoin",      "bien",     "bjr",     "bonjour",  "but",      "by",
    "c",         "ca",        "can",         "car",      "cas",     "ce",       "cela",     "celle",
    "celui",     "ces",       "cet",         "cette",    "ceux",    "chaque",   "cherche",  "cherchez",
    "cherchons", "chez",      "ci",          "comme",    "could",   "d",        "dans",     "de",
    "deja",      "depuis",    "des",         "diam",     "dois",    "doit",     "doivent",  "donc",
    "dont",      "du",        "each",        "elle",     "elles",   "en",       "encore",   "entre",
    "environ",   "est",       "et",          "etc",      "ete",     "etre",     "eu",       "eux",
    "faire",     "fait",      "faut",        "font",     "for",     "from",     "had",      "has",
    "have",      "hello",     "her",         "his",      "how",     "i",        "ici",      "if",
    "il",        "ils",       "in",          "into",     "is",      "it",       "its",      "j",
    "je",        "jusqu",     "jusque",      "l",        "la",      "le",       "les",      "leur",
    "leurs",     "looking",   "lors",        "lui",      "m",       "ma",       "mais",     "me",
    "mes",       "mieux",     "moi",         "mon",      "must",    "my",       "n",        "ne",
    "need",      "needed",    "needs",       "ni",       "nos",     "notre",    "nous",     "of",
    "on",        "or",        "ou",          "our",      "par",     "parce",    "peut",     "peuvent",
    "peux",      "plus",      "pour",        "pourrait", "pouvez",  "qu",       "quand",    "que",
    "quel",      "quelle",    "quelles",     "quelqu",   "quelque", "quelques", "quels",    "qui",
    "quoi",      "recherche", "recherchons", "s",        "sa",      "se",       "selon",    "sera",
    "seront",    "ses",       "should",      "si",       "so",      "soit",     "some",     "somebody",
    "someone",   "son",       "sont",        "suis",     "sur",     "svp",      "t",        "ta",
    "tel",       "telle",     "than",        "that",     "the",     "their",    "them",     "then",
    "there",     "these",     "they",        "this",     "those",   "to",       "tous",     "tout",
    "toute",     "toutes",    "tres",        "u",        "un",      "une",      "us",       "van",
    "vers",      "veut",      "veux",        "via",      "vos",     "votre",    "voudrais", "voudrions",
    "vous",      "want",      "was",         "we",       "were",    "what",     "when",     "which",
    "who",       "whose",     "will",        "with",     "would",   "y",        "you",      "your",
};

/* Folded, sorted bytewise. Met in any letter of any trade: two texts that share one have nothing in common
 * yet. */
static const char *const weak_words[] = {
    "able",         "about",       "accept",        "accepted",     "across",        "add",
    "after",        "again",       "agreed",        "ailleurs",     "ajouter",       "alimenter",
    "all",          "aller",       "allons",        "almost",       "already",       "also",
    "always",       "amount",      "annee",         "annees",       "another",       "anybody",
    "anyone",       "appreciee",   "appreciees",    "around",       "arrive",        "arriver",
    "ask",          "asked",       "atelier",       "ateliers",     "attendre",      "attente",
    "aujourd",      "autant",      "available",     "avis",         "away",          "back",
    "bad",          "beaucoup",    "because",       "become",       "before",        "begin",
    "belle",        "besoins",     "best",          "better",       "between",       "big",
    "bon",          "bonne",       "both",          "bring",        "budget",        "build",
    "business",     "buy",         "call",          "calme",        "capable",       "capacite",
    "care",         "celles",      "certain",       "certaines",    "certains",      "chacun",
    "change",       "cheap",       "cher",          "chere",        "chers",         "choose",
    "chose",        "choses",      "client",        "cliente",      "clientele",     "clients",
    "close",        "collegue",    "come",          "commande",     "commander",     "commandes",
    "commence",     "comment",     "companies",     "company",      "complet",       "complete",
    "completement", "compris",     "comprise",      "confier",      "connaitre",     "conseil",
    "contre",       "cost",        "cote",          "cours",        "court",         "courte",
    "cout",         "couts",       "creer",         "customer",     "customers",     "date",
    "day",          "days",        "deal",          "debut",        "deliver",       "delivered",
    "delivery",     "demain",      "demande",       "demandee",     "demander",      "demandes",
    "demarrage",    "demarrer",    "dernier",       "derniere",     "deux",          "deuxieme",
    "devis",        "different",   "differents",    "dire",         "dix",           "do",
    "does",         "done",        "dossier",       "down",         "durant",        "during",
    "early",        "easy",        "echange",       "either",       "elements",      "end",
    "endroit",      "enfin",       "enough",        "ensemble",     "ensuite",       "entier",
    "entreprise",   "entreprises", "envoi",         "envoyer",      "equipe",        "equipes",
    "etes",         "etude",       "even",          "ever",         "every",         "everything",
    "exige",        "exigee",      "exigence",      "exiger",       "existe",        "existent",
    "expect",       "expected",    "experience",    "expert",       "exterieur",     "facile",
    "faite",        "faites",      "familiale",     "fasse",        "fast",          "few",
    "fiable",       "fin",         "final",         "find",         "fine",          "first",
    "five",         "fixed",       "fois",          "follow",       "fonction",      "forte",
    "four",         "fournir",     "fournisseur",   "fournisseurs", "francais",      "francaise",
    "france",       "free",        "full",          "gens",         "get",           "give",
    "given",        "go",          "good",          "grand",        "grande",        "grandes",
    "grands",       "great",       "gros",          "grosse",       "groupe",        "habitude",
    "half",         "happy",       "hard",          "haute",        "help",          "here",
    "heure",        "heures",      "high",          "hold",         "homme",         "hour",
    "hours",        "hui",         "ideal",         "idee",         "important",     "impossible",
    "included",     "independent", "indispensable", "information",  "inside",        "interesse",
    "interested",   "jeu",         "jeux",          "job",          "jour",          "journee",
    "jours",        "juste",       "keep",          "kind",         "know",          "lance",
    "lancement",    "lancer",      "last",          "late",         "later",         "least",
    "leave",        "lent",        "less",          "let",          "lieu",          "like",
    "list",         "little",      "livraison",     "livre",        "livrer",        "local",
    "locale",       "long",        "longtemps",     "look",         "lost",          "lot",
    "lots",         "low",         "main",          "maison",       "make",          "maker",
    "makes",        "making",      "mal",           "manage",       "mandatory",     "maniere",
    "manque",       "many",        "matin",         "matter",       "maximum",       "may",
    "mean",         "meet",        "meilleur",      "meilleure",    "merci",         "mettre",
    "minimum",      "mise",        "moins",         "mois",         "moment",        "monde",
    "monsieur",     "month",       "monthly",       "months",       "more",          "most",
    "mot",          "moyen",       "moyens",        "much",         "name",          "near",
    "necessaire",   "never",       "new",           "next",         "nice",          "niveau",
    "nom",          "nombre",      "none",          "nothing",      "nouveau",       "nouvel",
    "nouvelle",     "nouvelles",   "now",           "number",       "obligation",    "obligatoire",
    "off",          "offer",       "offre",         "old",          "once",          "one",
    "only",         "open",        "order",         "orders",       "other",         "others",
    "ours",         "out",         "ouvert",        "over",         "own",           "parfait",
    "parfaite",     "parle",       "part",          "partenaire",   "partie",        "partir",
    "partner",      "partout",     "parts",         "passer",       "pays",          "pcs",
    "pendant",      "people",      "per",           "perdu",        "perhaps",       "personne",
    "personnes",    "petit",       "petite",        "petites",      "petits",        "piece",
    "pieces",       "pilote",      "place",         "plan",         "please",        "plupart",
    "plusieurs",    "point",       "possible",      "possibles",    "pouvant",       "pouvoir",
    "prefer",       "preference",  "premier",       "premiere",     "prendre",       "pres",
    "presque",      "prestataire", "prevu",         "price",        "prix",          "problem",
    "probleme",     "prochain",    "prochaine",     "proche",       "produce",       "product",
    "production",   "products",    "produit",       "produits",     "professionnel", "professionnels",
    "project",      "projet",      "proposal",      "proposer",     "propre",        "propres",
    "proven",       "provide",     "provided",      "put",          "qty",           "quality",
    "quantite",     "quantites",   "quantity",      "question",     "quickly",       "quite",
    "quotation",    "quote",       "range",         "rapide",       "rapidement",    "rather",
    "ready",        "real",        "realiser",      "really",       "receive",       "recevoir",
    "recherchee",   "region",      "relation",      "reliable",     "reponse",       "request",
    "required",     "requirement", "responsable",   "reste",        "rester",        "result",
    "resultat",     "reunion",     "revoir",        "rien",         "right",         "run",
    "sache",        "sait",        "same",          "samples",      "savoir",        "say",
    "search",       "second",      "secteur",       "see",          "seek",          "seeking",
    "sell",         "semaine",     "semaines",      "semble",       "send",          "serait",
    "serie",        "series",      "serieux",       "serious",      "service",       "services",
    "set",          "sets",        "seul",          "seule",        "seulement",     "several",
    "shall",        "ship",        "short",         "show",         "similar",       "simple",
    "simplement",   "since",       "single",        "site",         "size",          "small",
    "societe",      "soigne",      "soigner",       "solution",     "soon",          "sorte",
    "sortir",       "souhaite",    "souhaitee",     "souhaiter",    "souhaitons",    "souvent",
    "special",      "speciale",    "specialise",    "specialised",  "specialises",   "specialist",
    "specialiste",  "start",       "still",         "such",         "suite",         "suivant",
    "suivi",        "suivre",      "sujet",         "supplier",     "suppliers",     "supply",
    "support",      "sure",        "take",          "tant",         "team",          "temps",
    "ten",          "tenir",       "tenu",          "terme",        "thank",         "thanks",
    "thing",        "things",      "think",         "three",        "through",       "tiens",
    "tiers",        "time",        "times",         "today",        "together",      "too",
    "total",        "toujours",    "travail",       "travaille",    "travailler",    "travaux",
    "trois",        "trouve",      "trouver",       "try",          "two",           "type",
    "under",        "unique",      "unit",          "unite",        "unites",        "units",
    "until",        "up",          "urgence",       "urgent",       "use",           "used",
    "using",        "usual",       "utile",         "utiliser",     "valeur",        "very",
    "vie",          "vieux",       "visite",        "vite",         "voici",         "voir",
    "vouloir",      "vraiment",    "vue",           "wait",         "wanted",        "way",
    "week",         "weekly",      "weeks",         "well",         "whole",         "within",
    "work",         "working",     "world",         "year",         "years",         "yet",
    "zero",
};

static int compare_stop(const void *key, const void *row)
{
    return slice_compare(*(const struct slice *)key, slice_of(*(const char *const *)row));
}

bool word_is_stop(struct slice folded)
{
    return bsearch(&folded, stop_words, COUNT(stop_words), sizeof *stop_words, compare_stop) != NULL;
}

static bool word_is_weak(struct slice folded)
{
    return bsearch(&folded, weak_words, COUNT(weak_words), sizeof *weak_words, compare_stop) != NULL;
}

uint32_t words_end(const struct words *w, size_t to)
{
    uint32_t last = to ? w->origin[to - 1] : 0;
    while (to < w->folded.len && w->origin[to] <= last)
        to++;
    return w->origin[to];
}

/* "CE", "MES", "BE" among small letters: an acronym, whatever the word means otherwise. */
static bool is_acronym(struct slice text, const struct word *w)
{
    enum { ACRONYM_BYTES = 4 };
    bool small_letters = false;
    if (w->end - w->start < 2 || w->end - w->start > ACRONYM_BYTES)
        return false;
    for (uint32_t i = w->start; i < w->end; i++)
        if (text.ptr[i] < 'A' || text.ptr[i] > 'Z')
            return false;
    for (size_t i = 0; i < text.len && !small_letters; i++)
        small_letters = text.ptr[i] >= 'a' && text.ptr[i] <= 'z';
    return small_letters;
}

struct words words_split(struct arena *a, struct slice text)
{
    uint32_t *origin;
    struct words w = {.text = text, .folded = fold_traced(a, text, &origin)};
    w.origin = origin;
    struct word *list = NULL;
    int capacity = 0;
    size_t position = 0;
    for (struct slice word; next_word(w.folded, &position, &word);) {
        size_t start = (size_t)(word.ptr - w.folded.ptr);
        struct word *added = PUSH(a, list, w.count, capacity);
        *added = (struct word){origin[start], words_end(&w, start + word.len), word, word_is_stop(word),
                               word_is_weak(word)};
        if ((added->stop || added->weak) && is_acronym(text, added))
            added->stop = added->weak = false;
    }
    w.list = list;
    return w;
}

struct vocabulary {
    struct arena *arena;
    struct slice *texts;
    struct slot {
        uint32_t hash, number; /* number + 1; 0: free */
    } * slots;
    uint32_t count, capacity, slot_mask;
};

struct vocabulary *vocabulary_new(struct arena *a)
{
    struct vocabulary *v = NEW(a, struct vocabulary, 1);
    *v = (struct vocabulary){.arena = a, .slot_mask = 1023};
    v->slots = NEW(a, struct slot, v->slot_mask + 1);
    return v;
}

/* FNV-1a, folded to 32 bits. */
static uint32_t hash_text(struct slice s)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * UINT64_C(1099511628211);
    return (uint32_t)(h ^ (h >> 32));
}

static struct slot *find_slot(const struct vocabulary *v, struct slice s, uint32_t hash)
{
    uint32_t at = hash & v->slot_mask;
    while (v->slots[at].number &&
           (v->slots[at].hash != hash || !slice_equal(v->texts[v->slots[at].number - 1], s)))
        at = (at + 1) & v->slot_mask;
    return &v->slots[at];
}

static void widen(struct vocabulary *v)
{
    const struct slot *old = v->slots;
    uint32_t count = v->slot_mask + 1;
    v->slot_mask = v->slot_mask * 2 + 1;
    v->slots = NEW(v->arena, struct slot, v->slot_mask + 1);
    for (uint32_t i = 0; i < count; i++)
        if (old[i].number) {
            uint32_t at = old[i].hash & v->slot_mask;
            while (v->slots[at].number)
                at = (at + 1) & v->slot_mask;
            v->slots[at] = old[i];
        }
}

uint32_t vocabulary_add(struct vocabulary *v, struct slice s)
{
    uint32_t hash = hash_text(s);
    struct slot *slot = find_slot(v, s, hash);
    if (slot->number)
        return slot->number - 1;
    if (v->count >= v->slot_mask / 2) {
        widen(v);
        slot = find_slot(v, s, hash);
    }
    *PUSH(v->arena, v->texts, v->count, v->capacity) =
        (struct slice){arena_text(v->arena, s.ptr, s.len), s.len};
    *slot = (struct slot){hash, v->count}; /* its number + 1 */
    return v->count - 1;
}

uint32_t vocabulary_find(const struct vocabulary *v, struct slice s)
{
    return find_slot(v, s, hash_text(s))->number - 1; /* a free slot holds 0: UINT32_MAX */
}

struct slice vocabulary_text(const struct vocabulary *v, uint32_t number)
{
    return v->texts[number];
}

uint32_t vocabulary_count(const struct vocabulary *v)
{
    return v->count;
}

enum { MOST_REMEMBERED = 1 << 16 };

/* Words come back: each is reduced once, and remembered up to a ceiling. */
struct stemming {
    struct arena *arena;
    struct stemmer *french, *english;
    struct vocabulary *met;
    struct slice *forms; /* of the words met */
    int count, capacity;
};

struct stemming *stemming_new(struct arena *a)
{
    struct stemming *s = NEW(a, struct stemming, 1);
    *s = (struct stemming){.arena = a,
                           .french = stemmer_new(a, LANGUAGE_FR),
                           .english = stemmer_new(a, LANGUAGE_EN),
                           .met = vocabulary_new(a)};
    return s;
}

struct slice word_form(struct stemming *s, struct slice folded)
{
    uint32_t number =
        s->count < MOST_REMEMBERED ? vocabulary_add(s->met, folded) : vocabulary_find(s->met, folded);
    if (number < (uint32_t)s->count)
        return s->forms[number];
    struct slice form = stem(s->french, stem(s->english, folded));
    if (number == VOCABULARY_NONE)
        return form;
    form.ptr = arena_text(s->arena, form.ptr, form.len);
    *PUSH(s->arena, s->forms, s->count, s->capacity) = form;
    return form;
}

struct slice word_form_french(struct stemming *s, struct slice folded)
{
    return stem(s->french, folded);
}
