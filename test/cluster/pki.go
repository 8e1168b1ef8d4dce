// The keys of one control plane: a CA, one serving certificate for loopback, and the key that signs service accounts.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"time"
)

func writeKeys(p paths, clusterName string) error {
	authority, authorityKey, err := newAuthority(clusterName)
	if err != nil {
		return fmt.Errorf("make the CA: %w", err)
	}
	serving, servingKey, err := newServing(authority, authorityKey)
	if err != nil {
		return fmt.Errorf("make the serving certificate: %w", err)
	}
	accountKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("make the service account key: %w", err)
	}
	for file, key := range map[string]*ecdsa.PrivateKey{p.caKey: authorityKey, p.servingKey: servingKey, p.accountKey: accountKey} {
		if err := writeKey(file, key); err != nil {
			return err
		}
	}
	if err := writePEM(p.ca, "CERTIFICATE", authority.Raw); err != nil {
		return err
	}
	return writePEM(p.serving, "CERTIFICATE", serving)
}

func newAuthority(clusterName string) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := certificate(1, "farhelm test CA of "+clusterName)
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	parsed, err := x509.ParseCertificate(raw)
	return parsed, key, err
}

func newServing(authority *x509.Certificate, authorityKey *ecdsa.PrivateKey) ([]byte, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := certificate(2, "127.0.0.1")
	template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	// The aggregator asks the metrics stub for the name of its Service.
	template.DNSNames = []string{"localhost", metricsService + ".kube-system.svc"}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	raw, err := x509.CreateCertificate(rand.Reader, template, authority, key.Public(), authorityKey)
	return raw, key, err
}

func certificate(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(0, 1, 0),
	}
}

func writeKey(file string, key *ecdsa.PrivateKey) error {
	raw, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(file, "EC PRIVATE KEY", raw)
}

func writePEM(file, kind string, raw []byte) error {
	return os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600)
}
