"""The steps of `/join/` as a browser sends them."""

PERSON = {"kind": "person", "first_name": "Emma", "last_name": "Lindt", "born_on": "1990-05-17"}
CONTACT = {
    "country": "DE",
    "line1": "Lindenweg 4",
    "postcode": "07743",
    "line4": "Jena",
    "email": "emma@example.com",
    "phone": "03641 123456",
}
PAYMENT = {"tax_number": "36 574 261 809", "account": "DE02 1203 0000 0000 2020 51"}
SENT = {"person": PERSON, "contact": CONTACT, "payment": PAYMENT}


def text_of(response):
    return response.content.decode()


def confirm(client, code):
    return client.post("/join/sponsor/", {"shown_code": code})


def fill_in(client, code="ADA", **changes):
    """All steps from the sponsor on; returns the last answer."""
    answer = confirm(client, code)
    for name, fields in SENT.items():
        answer = client.post(f"/join/{name}/", {**fields, **changes.get(name, {})})
    return answer
