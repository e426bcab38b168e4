#!/usr/bin/env bash
# Certificates for a broker that demands them: make_certificates.sh DIR. All are PEM:
#
#   ca.pem                      who signs; other-ca.pem is somebody else
#   broker.pem                  key and certificate of the broker, which is 127.0.0.1
#   elsewhere.pem               those of a broker that has another name
#   client.pem, client.key      certificate and key of a client whose name is "orders"
set -euo pipefail
cd "$1"
exec 2>openssl.log  # which it fills with dots

authority() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
}

# signed NAME SUBJECT ALTERNATIVE: librdkafka before 2.2 takes an address for a name.
signed() {
  openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$1.key" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -out "$1.pem" \
    -extfile <(printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth,clientAuth\n' "$3")
}

authority ca
authority other-ca
signed broker broker DNS:127.0.0.1,IP:127.0.0.1
signed elsewhere elsewhere DNS:elsewhere
signed client orders DNS:orders
cat broker.key >>broker.pem
cat elsewhere.key >>elsewhere.pem
