/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* import_fields.c - what columns can be read into, and under which names people write them. In the order in
 * which columns are claimed: of two fields that share a synonym the first one in need takes it. */
#include "imports/import_fields.h"

#include "i18n/i18n.h"

#define TO(record, field) #field, &record##_type, offsetof(struct import_line, record), #field
#define AS(key, record, field) key, &record##_type, offsetof(struct import_line, record), #field

const struct import_rule import_rules[] = {
    {TO(organisation, siren), read_identifier, false, "siren numerosiren nsiren nosiren sirenentreprise"},
    {TO(site, siret), read_identifier, false,
     "siret numerosiret nsiret nosiret siretsiege siretetablissement"},
    {TO(organisation, uid), NULL, false, "uid ide numeroide idesuisse uidche registrenational"},
    {TO(organisation, name), NULL, false,
     "raisonsociale denomination denominationsociale nomdelentreprise nomentreprise entreprise "
     "nomdelasociete "
     "nomsociete societe nomdelastructure structure organisation nomdelorganisation organisme company "
     "companyname "
     "firm firmname adherent membre fournisseur supplier nom name etablissement"},
    {TO(organisation, short_name), NULL, false,
     "sigle enseigne nomcommercial marque acronyme acronym brand shortname"},
    {TO(organisation, kind), NULL, false, "typedestructure typestructure type nature kind"},
    {TO(organisation, naf), read_naf, false, "codenaf naf codeape ape nafape apenaf codeactivite codenafape"},
    {TO(organisation, headcount), read_headcount, false,
     "effectif effectifs effectiftotal nombredesalaries nbsalaries nbdesalaries salaries headcount employees "
     "staff"},
    {TO(organisation, size_class), read_size_class, false,
     "taille tailledelentreprise tranche tranchedeffectif tranchedeffectifs trancheeffectif trancheeffectifs "
     "categorieentreprise sizeclass size"},
    {TO(organisation, website), read_website, false,
     "siteweb siteinternet adresseweb url web website internet www site"},
    {TO(organisation, markets), read_term_cell, true,
     "marches marche marchesvises marchesclients secteursclients secteurs markets market"},
    {TO(organisation, group_name), NULL, false, "groupe groupedappartenance maisonmere group"},
    {TO(organisation, created), read_year_or_day, false,
     "datedecreation datecreation creation creeele creeen anneedecreation founded created"},
    {TO(organisation, closed), NULL, false, "datedefermeture datefermeture datedecessation closed"},
    {TO(organisation, joined), read_year_or_day, false,
     "datedadhesion dateadhesion adherentdepuis membredepuis membersince joined"},
    {TO(organisation, turnover_band), NULL, false, "chiffredaffaires ca trancheca turnover revenue"},
    {TO(organisation, activity), read_activity, false,
     "activite activites descriptiondelactivite description descriptif presentation libelleape libellenaf "
     "secteurdactivite secteur activity text texte"},
    {TO(organisation, note), NULL, false,
     "note notes remarque remarques commentaire commentaires observations comment"},
    {AS("site_name", site, name), NULL, false, "nomdusite nomdeletablissement nometablissement sitename"},
    {TO(site, address), NULL, false, "adresse adressepostale adresse1 rue voie address street"},
    {TO(site, postcode), NULL, false, "codepostal cp npa postcode zip zipcode postalcode"},
    {TO(site, commune_code), NULL, false, "codeinsee codecommune inseecode insee communecode"},
    {TO(site, commune), read_commune, false, "commune ville localite libellecommune city town municipality"},
    {TO(site, country), read_country, false, "pays codepays country"},
    {TO(site, lat), NULL, false, "latitude lat y"},
    {TO(site, lon), NULL, false, "longitude lon long lng x"},
    {AS("coordinates", site, lat), read_coordinates, false,
     "latlong latlon latlng coordonnees coordonneesgps gps geopoint geolocalisation coordinates",
     N_("Latitude and longitude in one column")},
    {AS("know_how", capability, title), read_know_how, true,
     "savoirfaire savoirfaires competences competence expertise expertises specialites specialite metiers "
     "metier "
     "prestations knowhow skills capabilities capability services"},
    {TO(capability, processes), read_term_cell, true,
     "procedes procede procedesdefabrication technologies technologie techniques technique processes "
     "process"},
    {TO(capability, materials), read_term_cell, true,
     "matieres matiere materiaux materiau materials material"},
    {TO(capability, components), read_term_cell, true,
     "composants composant pieces typesdepieces produits components component parts"},
    {TO(capability, size), NULL, false,
     "dimensions dimension plagededimensions diametres diametre sizes sizerange"},
    {TO(capability, tolerance), NULL, false, "tolerance tolerances precision precisions"},
    {TO(capability, it_grade), NULL, false, "it qualiteit gradeit itgrade"},
    {TO(capability, batch), NULL, false,
     "seriesproduites tailledeserie tailledeseries series serie lots lot batch batches"},
    {TO(capability, capacity), NULL, false, "capacite capacitemensuelle capacity monthlycapacity"},
    {AS("certifications", organisation, name), read_certifications, true,
     "certifications certification certificats certificat normes qualite agrements labels certificates "
     "certificate",
     N_("Certifications")},
    {AS("contact_first_name", person, name), read_first_name, false,
     "prenom prenomcontact prenomducontact firstname", N_("First name of the contact")},
    {AS("contact_name", person, name), NULL, false,
     "contact nomducontact nomcontact interlocuteur contactname dirigeant responsable nom lastname surname",
     N_("Name of the contact")},
    {AS("contact_title", person, title), NULL, false, "fonction poste qualitecontact titre jobtitle position",
     N_("Position of the contact")},
    {AS("contact_email", person, email), NULL, false,
     "email mail courriel emailcontact adresseemail adressemail adressecourriel contactemail",
     N_("E-mail of the contact")},
    {AS("contact_phone", person, phone), NULL, false,
     "telephone tel telephonefixe teldirect mobile portable numerodetelephone phone",
     N_("Telephone of the contact")},
};
const int import_rule_count = COUNT(import_rules);
