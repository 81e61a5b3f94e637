// go run sign.go 42 "Ada Lovelace" ada@shop.example
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"
)

// User is who is signed in, from your own session.
type User struct {
	ID          int64
	Name, Email string
}

// A text, since a number is refused as a subject; times are whole seconds since 1970.
type claims struct {
	Subject   string `json:"sub"`
	Name      string `json:"name,omitempty"`
	Email     string `json:"email,omitempty"`
	IssuedAt  int64  `json:"iat"`
	ExpiresAt int64  `json:"exp"`
}

func widgetToken(user User) (string, error) {
	// The bytes of its text, also where it looks like hexadecimal.
	secret := []byte(os.Getenv("WIDGET_JWT_HMAC_SECRET"))
	if len(secret) == 0 {
		return "", errors.New("WIDGET_JWT_HMAC_SECRET is not set")
	}
	if user.ID == 0 {
		return "", errors.New("widgetToken: the user has no id")
	}
	now := time.Now()
	body, err := json.Marshal(claims{
		Subject:   strconv.FormatInt(user.ID, 10),
		Name:      user.Name,
		Email:     user.Email,
		IssuedAt:  now.Unix(),
		ExpiresAt: now.Add(time.Hour).Unix(),
	})
	if err != nil {
		return "", err
	}
	base64url := base64.RawURLEncoding.EncodeToString
	signed := base64url([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64url(body)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(signed))
	return signed + "." + base64url(mac.Sum(nil)), nil
}

func main() {
	arguments := append(os.Args[1:], "", "", "")
	id, err := strconv.ParseInt(arguments[0], 10, 64)
	if err != nil {
		log.Fatal("usage: go run sign.go <id> [name] [email]")
	}
	token, err := widgetToken(User{ID: id, Name: arguments[1], Email: arguments[2]})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token)
}
